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
 * @param phone in E.164, null if it is not known
 * @param createdAt in whole milliseconds, which is what the database keeps
 */
record User(UUID userId, String name, String email, String phone, Instant createdAt) {
    void write(JsonGenerator json) throws IOException {
        json.writeStringField("userId", userId.toString());
        json.writeStringField("name", name);
        json.writeStringField("email", email);
        if (phone != null) {
            json.writeStringField("phone", phone);
        }
        json.writeStringField("createdAt", createdAt.toString());
    }
}
