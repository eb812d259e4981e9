package webapp.api.users;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import webapp.api.Mysql;
import webapp.api.idempotency.IdempotencyKeys;
import webapp.core.database.Database;
import webapp.core.http.IdempotencyKey;
import webapp.core.time.Deadline;

/** The users in MySQL. */
final class Users {
    private final Database database;
    private final IdempotencyKeys keys;

    Users(Database database) {
        this.database = database;
        this.keys = new IdempotencyKeys(database);
    }

    /**
     * Stores a user. Its id makes this idempotent: if a COMMIT got no answer, the repetition finds its own row.
     *
     * @param key what the client repeats the request under, null if it gave none
     * @return the user, or the one that an earlier request under this key has stored
     * @throws webapp.core.problem.ProblemException 409 if another user has the email address, 422 if the key was used for another request
     */
    User add(User user, IdempotencyKey key, Deadline deadline) {
        if (key == null) {
            return database.writeIdempotently(deadline, handle -> insert(handle, user));
        }
        keys.forgetExpired(key, user.createdAt(), deadline);
        return database.writeIdempotently(deadline, handle -> {
            IdempotencyKeys.Made made =
                    keys.claim(handle, key, new IdempotencyKeys.Made(user.userId(), user.createdAt()));
            return made.resourceId().equals(user.userId())
                    ? insert(handle, user)
                    : new User(made.resourceId(), user.name(), user.email(), user.phone(), made.createdAt());
        });
    }

    private static User insert(Handle handle, User user) {
        try {
            handle.createUpdate("INSERT INTO users (user_id, name, email, email_key, phone, created_at)"
                            + " VALUES (:userId, :name, :email, :emailKey, :phone, :createdAt)")
                    .bind("userId", Mysql.bytes(user.userId()))
                    .bind("name", user.name())
                    .bind("email", user.email())
                    .bind("emailKey", user.email().toLowerCase(Locale.ROOT))
                    .bind("phone", user.phone())
                    .bind("createdAt", Mysql.time(user.createdAt()))
                    .execute();
        } catch (UnableToExecuteStatementException e) {
            if (!Mysql.isDuplicateKey(e)) {
                throw e;
            }
            handle.createQuery("SELECT 1 FROM users WHERE user_id = :userId")
                    .bind("userId", Mysql.bytes(user.userId()))
                    .map((row, context) -> true)
                    .findOne()
                    // Thrown, so that the transaction is rolled back and its key stays free.
                    .orElseThrow(UserProblems::emailAlreadyRegistered);
        }
        return user;
    }

    Optional<User> find(UUID userId, Deadline deadline) {
        return database.read(deadline, handle -> handle
                .createQuery("SELECT user_id, name, email, phone, created_at FROM users WHERE user_id = :userId")
                .bind("userId", Mysql.bytes(userId))
                .map((row, context) -> user(row))
                .findOne());
    }

    /**
     * The users after an id, in the order of their ids, which is that of their registration: a page is one short walk along the primary
     * key, however far down the list, and a user that registers meanwhile moves no other from page to page.
     */
    List<User> list(UUID after, int limit, Deadline deadline) {
        return database.read(deadline, handle -> handle
                .createQuery("SELECT user_id, name, email, phone, created_at FROM users WHERE user_id > :after"
                        + " ORDER BY user_id LIMIT :limit")
                .bind("after", Mysql.bytes(after))
                .bind("limit", limit)
                .map((row, context) -> user(row))
                .list());
    }

    private static User user(ResultSet row) throws SQLException {
        return new User(
                Mysql.id(row, "user_id"),
                row.getString("name"),
                row.getString("email"),
                row.getString("phone"),
                Mysql.time(row, "created_at"));
    }
}
