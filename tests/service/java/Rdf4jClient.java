import java.util.List;
import java.util.Map;
import org.eclipse.rdf4j.query.BindingSet;
import org.eclipse.rdf4j.query.QueryResults;
import org.eclipse.rdf4j.model.Model;
import org.eclipse.rdf4j.repository.RepositoryConnection;
import org.eclipse.rdf4j.repository.sparql.SPARQLRepository;

/** Eclipse RDF4J's repository over a SPARQL endpoint, with the header that carries a token. */
public final class Rdf4jClient {
    private static final String LABEL = "http://www.w3.org/2000/01/rdf-schema#label";

    public static void main(String[] arguments) {
        String endpoint = arguments[0] + "/sparql";
        SPARQLRepository repository = new SPARQLRepository(endpoint, endpoint);
        repository.setAdditionalHttpHeaders(Map.of("Authorization", "Bearer " + arguments[1]));
        repository.init();
        StringBuilder out = new StringBuilder("{");
        try (RepositoryConnection connection = repository.getConnection()) {
            List<BindingSet> rows = QueryResults.asList(
                connection.prepareTupleQuery("SELECT ?l { ?s <" + LABEL + "> ?l }").evaluate());
            put(out, "select", rows.size() >= 2);
            put(out, "ask", connection.prepareBooleanQuery("ASK { ?s ?p ?o }").evaluate());
            Model built = QueryResults.asModel(
                connection.prepareGraphQuery("CONSTRUCT WHERE { ?s <" + LABEL + "> ?l }").evaluate());
            put(out, "construct", built.size() >= 2);
            Model told = QueryResults.asModel(
                connection.prepareGraphQuery("DESCRIBE ?s { ?s <" + LABEL + "> ?l }").evaluate());
            put(out, "describe", !told.isEmpty());
            connection.prepareUpdate("INSERT DATA { GRAPH <urn:test:rdf4j> { <urn:s> <urn:p> 'Hütte' , 2 } }").execute();
            put(out, "updated", QueryResults.asModel(
                connection.getStatements(null, null, null, repository.getValueFactory().createIRI("urn:test:rdf4j"))).size());
            connection.prepareUpdate("DROP GRAPH <urn:test:rdf4j>").execute();
            put(out, "dropped", !connection.prepareBooleanQuery("ASK { GRAPH <urn:test:rdf4j> { ?s ?p ?o } }").evaluate());
        } finally {
            repository.shutDown();
        }
        out.setLength(out.length() - 1);
        System.out.println(out.append("}"));
    }

    private static void put(StringBuilder out, String name, Object value) {
        out.append('"').append(name).append("\":").append(value).append(',');
    }
}
