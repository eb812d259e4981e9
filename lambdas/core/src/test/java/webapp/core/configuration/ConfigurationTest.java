package webapp.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
    @Test
    void readsVariables() {
        Configuration configuration = new Configuration(Map.of("DATABASE_HOST", "db", "DATABASE_PORT", "3306"));

        assertThat(configuration.text("DATABASE_HOST")).isEqualTo("db");
        assertThat(configuration.port("DATABASE_PORT")).isEqualTo(3306);
    }

    @Test
    void missingVariableIsNamed() {
        assertThatThrownBy(() -> new Configuration(Map.of()).text("DATABASE_HOST"))
                .hasMessage("Environment variable DATABASE_HOST is missing: set it in the function's configuration");
    }

    @Test
    void emptyVariableIsNamed() {
        assertThatThrownBy(() -> new Configuration(Map.of("DATABASE_HOST", " ")).text("DATABASE_HOST"))
                .hasMessageContaining("DATABASE_HOST is empty");
    }

    @Test
    void optionalVariableMayBeMissingOrEmpty() {
        Configuration configuration = new Configuration(Map.of("A", " ", "B", " b ", "C", "c, d,,"));

        assertThat(configuration.optionalText("A")).isNull();
        assertThat(configuration.optionalText("B")).isEqualTo("b");
        assertThat(configuration.optionalText("X")).isNull();
        assertThat(configuration.optionalTexts("A")).isEmpty();
        assertThat(configuration.optionalTexts("C")).containsExactlyInAnyOrder("c", "d");
        assertThat(configuration.optionalTexts("X")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0", "65536", "-1", "3306x"})
    void wrongPortIsShownWithTheRemedy(String port) {
        assertThatThrownBy(() -> new Configuration(Map.of("DATABASE_PORT", port)).port("DATABASE_PORT"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("DATABASE_PORT is '" + port + "': set it to a port number (1-65535)");
    }
}
