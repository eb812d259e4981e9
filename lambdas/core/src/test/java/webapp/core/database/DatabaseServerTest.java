package webapp.core.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import webapp.core.configuration.Configuration;
import webapp.core.configuration.ConfigurationException;

class DatabaseServerTest {
    private final Map<String, String> variables = new HashMap<>(Map.of(
            "DATABASE_HOST", "shop-prod.abc.eu-central-1.rds.amazonaws.com",
            "DATABASE_PORT", "3306",
            "DATABASE_NAME", "web_app",
            "AWS_REGION", "eu-central-1"));

    @Test
    void plainNamesAreTaken() {
        assertThat(server()).isEqualTo(
                new DatabaseServer("shop-prod.abc.eu-central-1.rds.amazonaws.com", 3306, "web_app", "eu-central-1"));
    }

    @ParameterizedTest
    @CsvSource({
        "DATABASE_NAME, webapp?sslMode=disable",
        "DATABASE_NAME, webapp&sslMode=disable",
        "DATABASE_NAME, other/webapp",
        "DATABASE_HOST, 'evil.example:3306,db.example'",
        "DATABASE_HOST, 'db.example/?sslMode=disable'",
        "DATABASE_HOST, 'address=(host=db.example)(type=master)'",
    })
    void nameThatWouldSetTheDriversOptionsIsRefused(String variable, String value) {
        variables.put(variable, value);

        assertThatThrownBy(this::server)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(variable, value);
    }

    private DatabaseServer server() {
        return DatabaseServer.of(new Configuration(variables));
    }
}
