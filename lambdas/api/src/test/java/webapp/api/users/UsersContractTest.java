package webapp.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import webapp.api.Call;
import webapp.api.Contract;
import webapp.api.paging.Cursor;
import webapp.core.database.Database;

/** The operations on users keep what the contract promises. */
class UsersContractTest {
    @Test
    void rulesOfARegistrationAreTheContracts() {
        JsonNode properties = Contract.at("/components/schemas/RegisterUser/properties");

        assertThat("^" + Registration.EMAIL.pattern() + "$").isEqualTo(properties.at("/email/pattern").asText());
        assertThat("^" + Registration.PHONE.pattern() + "$").isEqualTo(properties.at("/phone/pattern").asText());
        assertThat(Registration.LONGEST_EMAIL).isEqualTo(properties.at("/email/maxLength").asInt());
        assertThat(Registration.LONGEST_NAME).isEqualTo(properties.at("/name/maxLength").asInt());
        assertThat(properties.properties()).extracting(Map.Entry::getKey).containsExactly("name", "email", "phone");
    }

    @Test
    void rulesOfAProfileAreTheContracts() {
        JsonNode properties = Contract.at("/components/schemas/PutProfile/properties");

        assertThat("^" + Registration.PHONE.pattern() + "$").isEqualTo(properties.at("/phone/pattern").asText());
        assertThat(Registration.LONGEST_NAME).isEqualTo(properties.at("/name/maxLength").asInt());
        assertThat(properties.properties()).extracting(Map.Entry::getKey).containsExactly("name", "phone");
        assertThat("^" + UsersHandler.TAG.pattern() + "$")
                .isEqualTo(Contract.at("/paths/~1users~1me/put/parameters/0/schema/pattern").asText());
    }

    @Test
    void examplesOfTheListAreTrue() {
        JsonNode page = Contract.at("/paths/~1users/get/responses/200/content/application~1json/example");

        assertThat(Cursor.id(page.get("nextCursor").asText()).toString()).isEqualTo(page.at("/users/0/userId").asText());
        assertThat(Contract.at("/components/parameters/Cursor/example")).isEqualTo(page.get("nextCursor"));
    }

    @Test
    void everyOperationIsAnswered() {
        Contract.assertEveryOperationIsAnswered(
                new UsersHandler(
                        new Database(
                                timeout -> {
                                    throw new SQLException("is not asked", "42000");
                                },
                                Clock.systemUTC()),
                        Call.POOL,
                        Clock.systemUTC()),
                "/users");
    }
}
