package webapp.api.users;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;

/**
 * A registered user.
 *
 * @param name as the user writes it
 * @param email as the user writes it
 * @param createdAt in whole milliseconds, which is what the database keeps
 */
record User(UUID userId, String name, String email, Instant createdAt) {
    void write(JsonGenerator json) throws IOException {
        json.writeStringField("userId", userId.toString());
        json.writeStringField("name", name);
        json.writeStringField("email", email);
        json.writeStringField("createdAt", createdAt.toString());
    }
}
