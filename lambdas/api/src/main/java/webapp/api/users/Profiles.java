package webapp.api.users;

import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import webapp.api.Mysql;
import webapp.core.database.Database;
import webapp.core.http.Caller;
import webapp.core.time.Deadline;

/** The people's own profiles in MySQL. */
final class Profiles {
    private final Database database;

    Profiles(Database database) {
        this.database = database;
    }

    Profile find(Caller.Person person, Deadline deadline) {
        return database.read(deadline, handle -> find(handle, person));
    }

    private static Profile find(Handle handle, Caller.Person person) {
        Profile none = Profile.of(person);
        return handle.createQuery("SELECT name, phone FROM profiles WHERE person = :person")
                .bind("person", person.subject())
                .map((row, context) -> none.with(new ProfileContent(row.getString("name"), row.getString("phone"))))
                .findOne()
                .orElse(none);
    }

    /** Stores a profile, whatever is there. */
    Profile put(Caller.Person person, ProfileContent content, Instant now, Deadline deadline) {
        return database.writeIdempotently(deadline, handle -> {
            handle.createUpdate("INSERT INTO profiles (person, name, phone, updated_at) VALUES (:person, :name, :phone, :now)"
                            + " ON DUPLICATE KEY UPDATE name = :name, phone = :phone, updated_at = :now")
                    .bind("person", person.subject())
                    .bind("name", content.name())
                    .bind("phone", content.phone())
                    .bind("now", Mysql.time(now))
                    .execute();
            return Profile.of(person).with(content);
        });
    }

    /**
     * Stores a profile if nobody has changed it since it was read. One that is already as it is to be is what an earlier try of this
     * request has made, or as good as that (RFC 9110, section 13.1.1).
     *
     * @param tag of the profile as it was read
     * @throws webapp.core.problem.ProblemException 412 if it was changed
     */
    Profile replace(Caller.Person person, String tag, ProfileContent content, Instant now, Deadline deadline) {
        return database.writeIdempotently(deadline, handle -> {
            Profile current = find(handle, person);
            Profile wanted = current.with(content);
            if (wanted.equals(current)) {
                return current;
            }
            if (current.tag().is(tag)
                    && (current.isStored() ? update(handle, current, wanted, now) : insert(handle, wanted, now))) {
                return wanted;
            }
            throw UserProblems.profileChanged();
        });
    }

    /** @return false if the row is not what it was any more: an UPDATE meets what is committed by now, unlike the SELECT before it */
    private static boolean update(Handle handle, Profile current, Profile wanted, Instant now) {
        return handle.createUpdate("UPDATE profiles SET name = :name, phone = :phone, updated_at = :now"
                                + " WHERE person = :person AND name = :currentName AND phone <=> :currentPhone")
                        .bind("person", current.userId())
                        .bind("name", wanted.name())
                        .bind("phone", wanted.phone())
                        .bind("now", Mysql.time(now))
                        .bind("currentName", current.name())
                        .bind("currentPhone", current.phone())
                        .execute()
                == 1;
    }

    /** @return false if there is a row by now */
    private static boolean insert(Handle handle, Profile wanted, Instant now) {
        try {
            handle.createUpdate("INSERT INTO profiles (person, name, phone, updated_at) VALUES (:person, :name, :phone, :now)")
                    .bind("person", wanted.userId())
                    .bind("name", wanted.name())
                    .bind("phone", wanted.phone())
                    .bind("now", Mysql.time(now))
                    .execute();
            return true;
        } catch (UnableToExecuteStatementException e) {
            if (Mysql.isDuplicateKey(e)) {
                return false;
            }
            throw e;
        }
    }
}
