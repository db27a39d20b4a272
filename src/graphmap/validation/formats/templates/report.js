"use strict";
(() => {
  const finder = document.getElementById("finder");
  if (!finder) return;
  const rules = [...document.querySelectorAll("details[data-severity]")].map((rule) => ({
    rule,
    severity: rule.dataset.severity,
    text: (rule.querySelector("summary").textContent + " " + rule.querySelector(".about").textContent).toLowerCase(),
    findings: [...rule.querySelectorAll("tr.finding")].map((row) => ({
      row, source: row.dataset.source, text: row.textContent.toLowerCase(),
    })),
    sources: new Set(JSON.parse(rule.dataset.sources)),
  }));
  const total = Number(finder.dataset.total);
  const said = finder.querySelector("output");
  const apply = () => {
    const words = finder.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const source = finder.elements.source ? finder.elements.source.value : "";
    const severities = new Set([...finder.querySelectorAll("input[name=severity]:checked")].map((box) => box.value));
    const active = words.length > 0 || source !== "";
    let shown = 0, shownRules = 0;
    for (const each of rules) {
      const fits = severities.has(each.severity) && (source === "" || each.sources.has(source));
      const missing = words.filter((word) => !each.text.includes(word));
      let inside = 0;
      for (const finding of each.findings) {
        const keep = fits && (source === "" || finding.source === source) && missing.every((word) => finding.text.includes(word));
        finding.row.hidden = !keep;
        if (keep) inside += 1;
      }
      const visible = fits && (inside > 0 || (missing.length === 0 && each.findings.length === 0));
      each.rule.hidden = !visible;
      if (visible && active) each.rule.open = true;
      if (visible) { shown += inside; shownRules += 1; }
    }
    said.value = `${shownRules} of ${rules.length} rules, ${shown} findings listed here, ${total} in all`;
  };
  finder.hidden = false;
  finder.addEventListener("input", apply);
  finder.addEventListener("submit", (event) => event.preventDefault());
  const reveal = () => {
    const rule = document.getElementById(location.hash.slice(1));
    if (rule && rule.matches("details")) { rule.hidden = false; rule.open = true; }
  };
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => { for (const each of rules) each.rule.open = true; });
  reveal();
  apply();
})();
