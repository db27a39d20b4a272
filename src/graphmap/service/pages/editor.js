// Turns the text field of a query into an editor that knows prefixes, classes and properties of this graph. Without
// this file, without the editor's own, or without scripts at all the field stays what it is.
"use strict";
(async () => {
  const field = document.getElementById("editor");
  if (!field || !window.Yasqe) return;
  const root = field.dataset.endpoint.replace(/\/sparql$/, "");
  const words = await (await fetch(root + "/words.json")).json();
  const known = { class: words.classes, property: words.properties, prefixes: words.prefixes };
  for (const [name, list] of Object.entries(known)) {
    const completer = Yasqe.Autocompleters[name];
    if (completer) Object.assign(completer, { get: () => list, bulk: true, persistenceId: null });
  }
  const box = document.createElement("div");
  box.className = "editor";
  field.before(box);
  const editor = new Yasqe(box, {
    value: field.value, persistenceId: null, showQueryButton: false, resizeable: false, createShareableLink: null,
    consumeShareLink: null, editorHeight: "22rem", collapsePrefixesOnLoad: false,
    extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Space": () => editor.autocomplete(), "Ctrl-Enter": () => field.form.requestSubmit() },
  });
  editor.getInputField().setAttribute("aria-label", "Query");
  editor.on("change", () => { field.value = editor.getValue(); });
  field.hidden = true;
  field.required = false;
})();
