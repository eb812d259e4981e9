package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The reference application's contract, read anew each time, so that a test can change it. */
final class Contracts {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));
    private static final YAMLMapper YAML = new YAMLMapper();

    private Contracts() {}

    static ObjectNode application() throws IOException {
        return read("api");
    }

    /** As the root module serves it where backups are on: with what the backups' document adds, which replaces nothing. */
    static ObjectNode withBackups() throws IOException {
        ObjectNode contract = application();
        ObjectNode backups = read("backup");
        contract.withArray("/tags").addAll((ArrayNode) backups.get("tags"));
        for (String part : List.of("/paths", "/components/parameters", "/components/responses", "/components/schemas")) {
            ObjectNode whole = (ObjectNode) contract.requiredAt(part);
            backups.requiredAt(part).properties().forEach(
                    added -> assertThat(whole.replace(added.getKey(), added.getValue())).as(added.getKey()).isNull());
        }
        return contract;
    }

    private static ObjectNode read(String subproject) throws IOException {
        return (ObjectNode) YAML.readTree(CHECKOUT.resolve("lambdas/" + subproject + "/openapi.yaml").toFile());
    }
}
