package webapp.api.users;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import webapp.core.http.Caller;
import webapp.core.http.EntityTag;

/**
 * What a person sees of itself.
 *
 * @param userId the subject of the person's token
 * @param email as the token says, null if it says none
 * @param name as the person writes it, null until the person has stored a profile
 * @param phone in E.164, null if it is not known
 */
record Profile(String userId, String email, String name, String phone) {
    /** Who has stored nothing yet. */
    static Profile of(Caller.Person person) {
        return new Profile(person.subject(), person.email(), null, null);
    }

    Profile with(ProfileContent content) {
        return new Profile(userId, email, content.name(), content.phone());
    }

    boolean isStored() {
        return name != null;
    }

    /** The separator is a control character, which no member contains. */
    EntityTag tag() {
        return EntityTag.of(userId + '\n' + email + '\n' + name + '\n' + phone);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("userId", userId);
        if (email != null) {
            json.writeStringField("email", email);
        }
        if (name != null) {
            json.writeStringField("name", name);
        }
        if (phone != null) {
            json.writeStringField("phone", phone);
        }
    }
}
