package webapp.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import webapp.api.Answer;
import webapp.api.idempotency.IdempotencyKey;
import webapp.api.idempotency.IdempotencyKeys;
import webapp.core.database.Database;
import webapp.core.problem.ProblemType;

/** The functions keep what the contract and its list of problems promise. */
class ContractTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    @Test
    void rulesOfARegistrationAreTheContracts() throws IOException {
        JsonNode properties = contract().at("/components/schemas/RegisterUser/properties");

        assertThat("^" + Registration.EMAIL.pattern() + "$").isEqualTo(properties.at("/email/pattern").asText());
        assertThat("^" + Registration.PHONE.pattern() + "$").isEqualTo(properties.at("/phone/pattern").asText());
        assertThat(Registration.LONGEST_EMAIL).isEqualTo(properties.at("/email/maxLength").asInt());
        assertThat(Registration.LONGEST_NAME).isEqualTo(properties.at("/name/maxLength").asInt());
        assertThat(properties.properties()).extracting(Map.Entry::getKey).containsExactly("name", "email", "phone");
    }

    @Test
    void formOfAnIdempotencyKeyIsTheContracts() throws IOException {
        String pattern = contract().at("/components/parameters/IdempotencyKey/schema/pattern").asText();

        assertThat("^(" + IdempotencyKey.FORM.pattern() + ")$").isEqualTo(pattern);
    }

    @Test
    void examplesOfTheListAreTrue() throws IOException {
        JsonNode operation = contract().at("/paths/~1users/get");
        JsonNode page = operation.at("/responses/200/content/application~1json/example");

        assertThat(Cursor.parse(page.get("nextCursor").asText()).toString()).isEqualTo(page.at("/users/0/userId").asText());
        assertThat(operation.at("/parameters/1/example")).isEqualTo(page.get("nextCursor"));
    }

    @Test
    void everyOperationOnUsersIsAnswered() throws IOException {
        UsersHandler handler = new UsersHandler(
                new Database(
                        timeout -> {
                            throw new SQLException("is not asked", "42000");
                        },
                        Clock.systemUTC()),
                Clock.systemUTC());
        List<String> operations = new ArrayList<>();
        contract().get("paths").properties().forEach(path -> path.getValue().properties().forEach(method -> {
            if (path.getKey().startsWith("/users")) {
                operations.add(method.getValue().get("operationId").asText());
                Answer answer = Answer.ofEvent(handler, "{\"httpMethod\":\"%s\",\"resource\":\"%s\"}"
                        .formatted(method.getKey().toUpperCase(Locale.ROOT), path.getKey()));

                assertThat(answer.member("type")).isNotIn("/problems/not-found", "/problems/method-not-allowed");
                assertThat(method.getValue().get("responses").has(Integer.toString(answer.status()))).isTrue();
            }
        }));
        assertThat(operations).containsExactly("registerUser", "listUsers", "getUser");
    }

    @Test
    void everyProblemIsListed() throws Exception {
        String list = Files.readString(CHECKOUT.resolve("docs/problems.md"));
        List<ProblemType> types = new ArrayList<>();
        for (Class<?> owner : List.of(ProblemType.class, UserProblems.class, IdempotencyKeys.class)) {
            for (Field field : owner.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == ProblemType.class) {
                    field.setAccessible(true);
                    types.add((ProblemType) field.get(null));
                }
            }
        }
        assertThat(types).hasSize(11).allSatisfy(type -> assertThat(list)
                .containsPattern("\\| `/problems/" + type.slug() + "` \\| (" + type.status() + "|5xx) \\| " + type.title() + " \\|"));
    }

    private static JsonNode contract() throws IOException {
        return new YAMLMapper().readTree(CHECKOUT.resolve("lambdas/api/openapi.yaml").toFile());
    }
}
