package webapp.api.users;

import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import webapp.core.database.Database;
import webapp.core.time.Deadline;

/** The users in MySQL. */
final class Users {
    private static final int DUPLICATE_KEY = 1062;

    private final Database database;

    Users(Database database) {
        this.database = database;
    }

    /**
     * Stores a user. The id makes it idempotent: if a COMMIT got no answer, the repetition finds its own row.
     *
     * @return false if another user has the email address
     */
    boolean add(User user, Deadline deadline) {
        return database.writeIdempotently(deadline, handle -> {
            // Written and read without a conversion between time zones.
            LocalDateTime createdAt = LocalDateTime.ofInstant(user.createdAt(), ZoneOffset.UTC);
            try {
                handle.createUpdate("INSERT INTO users (user_id, name, email, email_key, created_at)"
                                + " VALUES (:userId, :name, :email, :emailKey, :createdAt)")
                        .bind("userId", UserId.bytes(user.userId()))
                        .bind("name", user.name())
                        .bind("email", user.email())
                        .bind("emailKey", user.email().toLowerCase(Locale.ROOT))
                        .bind("createdAt", (Argument)
                                (position, statement, context) -> statement.setObject(position, createdAt))
                        .execute();
                return true;
            } catch (UnableToExecuteStatementException e) {
                if (!(e.getCause() instanceof SQLException cause) || cause.getErrorCode() != DUPLICATE_KEY) {
                    throw e;
                }
                return handle.createQuery("SELECT 1 FROM users WHERE user_id = :userId")
                        .bind("userId", UserId.bytes(user.userId()))
                        .map((row, context) -> true)
                        .findOne()
                        .isPresent();
            }
        });
    }

    Optional<User> find(UUID userId, Deadline deadline) {
        return database.read(deadline, handle -> handle
                .createQuery("SELECT name, email, created_at FROM users WHERE user_id = :userId")
                .bind("userId", UserId.bytes(userId))
                .map((row, context) -> new User(
                        userId,
                        row.getString("name"),
                        row.getString("email"),
                        row.getObject("created_at", LocalDateTime.class).toInstant(ZoneOffset.UTC)))
                .findOne());
    }
}
