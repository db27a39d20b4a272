import org.apache.jena.datatypes.xsd.XSDDatatype;
import org.apache.jena.http.auth.AuthEnv;
import org.apache.jena.rdf.model.Model;
import org.apache.jena.rdf.model.ModelFactory;
import org.apache.jena.rdfconnection.RDFConnection;
import org.apache.jena.rdfconnection.RDFConnectionRemote;

/** Apache Jena as it comes: its connection asks with Java's own HTTP client, which offers to upgrade to HTTP/2. */
public final class JenaClient {
    private static final String LABEL = "http://www.w3.org/2000/01/rdf-schema#label";

    public static void main(String[] arguments) {
        String address = arguments[0];
        String token = arguments[1];
        String graph = "urn:test:jena";
        AuthEnv.get().setBearerTokenProvider((uri, challenge) -> token);  // asked for after a 401
        StringBuilder out = new StringBuilder("{");
        try (RDFConnection connection = RDFConnectionRemote.service(address)
                .queryEndpoint("sparql").updateEndpoint("sparql").gspEndpoint("graphs").build()) {
            int[] rows = {0};
            connection.querySelect("SELECT ?l { ?s <" + LABEL + "> ?l }", row -> rows[0]++);
            put(out, "select", rows[0] >= 2);
            put(out, "ask", connection.queryAsk("ASK { ?s ?p ?o }"));
            put(out, "construct", connection.queryConstruct("CONSTRUCT WHERE { ?s <" + LABEL + "> ?l }").size() >= 2);
            put(out, "describe", !connection.queryDescribe("DESCRIBE ?s { ?s <" + LABEL + "> ?l }").isEmpty());
            connection.update("INSERT DATA { GRAPH <" + graph + "> { <urn:s> <urn:p> 1 , 2 , 3 } }");
            put(out, "updated", connection.fetch(graph).size());
            Model model = ModelFactory.createDefaultModel();
            model.createResource("urn:s")
                .addProperty(model.createProperty("urn:p"), "Hütte")
                .addProperty(model.createProperty("urn:q"), model.createTypedLiteral("5", XSDDatatype.XSDinteger));
            connection.put(graph, model);
            put(out, "put", connection.fetch(graph).isIsomorphicWith(model));
            Model more = ModelFactory.createDefaultModel();
            more.createResource("urn:t").addProperty(more.createProperty("urn:p"), "more");
            connection.load(graph, more);
            put(out, "posted", connection.fetch(graph).size());
            connection.delete(graph);
            put(out, "deleted", !connection.queryAsk("ASK { GRAPH <" + graph + "> { ?s ?p ?o } }"));
        }
        out.setLength(out.length() - 1);
        System.out.println(out.append("}"));
    }

    private static void put(StringBuilder out, String name, Object value) {
        out.append('"').append(name).append("\":").append(value).append(',');
    }
}
