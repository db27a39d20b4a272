"""Clients that others wrote, unmodified, each asked through a small program of a few lines.

A program gets the server's address and a token, and prints what it found as JSON.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / ".bench"
PYTHON = BENCH / "clients" / "bin" / "python"
NODE_MODULES = BENCH / "clients-npm" / "node_modules"
JARS = BENCH / "clients-java"
JAVA_SOURCES = Path(__file__).parent / "java"

needs_python = pytest.mark.skipif(not PYTHON.exists(), reason=f"no clients at {PYTHON}; `make clients` sets them up")
needs_node = pytest.mark.skipif(
    not (NODE_MODULES / "@comunica").is_dir(), reason=f"no clients at {NODE_MODULES}; `make clients` sets them up"
)
needs_java = pytest.mark.skipif(
    shutil.which("java") is None or not any(JARS.glob("jena-rdfconnection-*.jar")),
    reason=f"no java, or no clients at {JARS}; `make clients` sets them up",
)

STORE = """
import json, sys, rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
address, token = sys.argv[1:]
read = rdflib.Graph(store=SPARQLStore(address + "/sparql", returnFormat="json"))
labels = sorted(str(row[0]) for row in read.query("SELECT ?l { ?s rdfs:label ?l }"))
headers = {"Authorization": "Bearer " + token}
store = SPARQLUpdateStore(address + "/sparql", address + "/sparql", headers=headers, autocommit=True)
graph = rdflib.Graph(store=store, identifier=rdflib.URIRef("urn:test:rdflib"))
graph.add((rdflib.URIRef("urn:s"), rdflib.URIRef("urn:p"), rdflib.Literal("ü")))
found = len(graph)
graph.remove((None, None, None))
print(json.dumps({"labels": labels, "found": found, "left": len(graph)}))
"""
WRAPPER = """
import json, sys, warnings
from SPARQLWrapper import *
from SPARQLWrapper.Wrapper import _allowedFormats
warnings.simplefilter("ignore")
address, token = sys.argv[1:]
QUERIES = {
    "ask": "ASK { ?s ?p ?o }",
    "select": "SELECT ?s { ?s a ?o } LIMIT 1",
    "construct": "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o } LIMIT 1",
    "describe": "DESCRIBE ?s { ?s a ?o } LIMIT 1",
}
out = {}
for form, query in QUERIES.items():
    for method in (GET, POST):
        for format in _allowedFormats:
            client = SPARQLWrapper(address + "/sparql")
            client.setMethod(method)
            client.setQuery(query)
            client.setReturnFormat(format)
            try:
                result = client.query()
                kind = result.info()["content-type"].partition(";")[0]
                bool(result.convert())
            except Exception as error:
                kind = str(error.code if hasattr(error, "code") else error)
            out[f"{form} {method} {format}"] = kind
client = SPARQLWrapper(address + "/sparql")
client.setMethod(POST)
client.addCustomHttpHeader("Authorization", "Bearer " + token)
client.setQuery("INSERT DATA { GRAPH <urn:test:wrapper> { <urn:s> <urn:p> 1 } } ; DROP GRAPH <urn:test:wrapper>")
out["update"] = client.query().response.status
print(json.dumps(out))
"""
PYSHACL = """
import json, sys, pyshacl
address, token = sys.argv[1:]
shapes = "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:shape> a sh:NodeShape ; sh:targetNode <urn:none> ."
conforms, _, _ = pyshacl.validate(address + "/ontology.ttl", shacl_graph=shapes, shacl_graph_format="turtle")
print(json.dumps({"conforms": conforms}))
"""
COMUNICA = """
const { QueryEngine } = require('@comunica/query-sparql');
const [address] = process.argv.slice(1);
(async () => {
  const engine = new QueryEngine();
  const over = async (sources) => {
    const text = 'SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }';
    const rows = await engine.queryBindings(text, { sources });
    return (await rows.toArray()).map((row) => row.get('l').value).sort();
  };
  const endpoint = await over([{ type: 'sparql', value: address + '/sparql' }]);
  const document = await over([address + '/limber/CustomerAccount/a%2Fb%3A1']);
  const well_known = await engine.queryBindings(
    'SELECT ?e { ?d <http://rdfs.org/ns/void#sparqlEndpoint> ?e }', { sources: [address + '/.well-known/void'] });
  const found = (await well_known.toArray()).map((row) => row.get('e').value);
  console.log(JSON.stringify({ endpoint, document, found }));
})();
"""
HTTP_CLIENT = """
(async () => {
  const { default: ParsingClient } = await import('sparql-http-client/ParsingClient.js');
  const [address, token] = process.argv.slice(1);
  const client = new ParsingClient({
    endpointUrl: address + '/sparql', updateUrl: address + '/sparql',
    headers: { Authorization: 'Bearer ' + token } });
  const rows = await client.query.select('SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }');
  await client.query.update('INSERT DATA { GRAPH <urn:test:node> { <urn:s> <urn:p> 1 } }');
  const { default: StreamClient } = await import('sparql-http-client/StreamClient.js');
  const stores = new StreamClient({ storeUrl: address + '/graphs', headers: { Authorization: 'Bearer ' + token } });
  const graph = stores.factory.namedNode('urn:test:node');
  let size = 0;
  for await (const quad of stores.store.get(graph)) { size += 1; }
  await client.query.update('DROP GRAPH <urn:test:node>');
  console.log(JSON.stringify({ rows: rows.length, graph: size }));
})();
"""
LDKIT = """
const { createLens, $in } = require('ldkit');
const { rdfs } = require('ldkit/namespaces');
const [address, token] = process.argv.slice(1);
(async () => {
  const options = { sources: [address + '/sparql'], logQuery: () => {} };
  const read = createLens({ label: { '@id': rdfs.label, '@array': true } }, options);
  const labels = (await read.find()).flatMap((each) => each.label).sort();
  const fetch = (url, init) => globalThis.fetch(url, {
    ...init, headers: { ...init.headers, Authorization: 'Bearer ' + token } });
  const schema = { '@type': 'urn:test:Thing', name: 'urn:test:name' };
  const write = createLens(schema, { ...options, fetch });
  await write.insert({ $id: 'urn:test:ldkit', name: 'Hütte' });
  const made = await write.findByIri('urn:test:ldkit');
  await write.update({ $id: 'urn:test:ldkit', name: 'Söhne' });
  const changed = await write.findByIri('urn:test:ldkit');
  await write.delete('urn:test:ldkit');
  const left = await write.find();
  console.log(JSON.stringify({ labels, made: made.name, changed: changed.name, left: left.length }));
})();
"""


def run_java(program: str, address: str, token: str) -> Any:
    """Run a program in Java, straight from its source."""
    command = ["java", "-Dfile.encoding=UTF-8", "-cp", f"{JARS}/*"]
    return run(command, str(JAVA_SOURCES / program), address, token)


def run(command: list[str], program: str, address: str, token: str, *, folder: Path | None = None) -> Any:
    """Run a program of a client and read what it printed."""
    done = subprocess.run(  # noqa: S603  # programs of our own
        [*command, program, address, token], capture_output=True, text=True, check=False, timeout=120, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
