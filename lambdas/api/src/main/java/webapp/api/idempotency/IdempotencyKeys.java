package webapp.api.idempotency;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import webapp.api.Mysql;
import webapp.core.database.Database;
import webapp.core.http.IdempotencyKey;
import webapp.core.time.Deadline;

/** The keys of the last 24 hours in MySQL, each with what its request made. A request that failed leaves no key. */
public final class IdempotencyKeys {
    private static final Duration KEPT = Duration.ofHours(24);

    /** Each request adds one key at most, so that this keeps up with any load. */
    private static final int FORGOTTEN_AT_ONCE = 10;

    private final Database database;

    public IdempotencyKeys(Database database) {
        this.database = database;
    }

    /**
     * What a request made.
     *
     * @param createdAt in whole milliseconds; the key is kept for 24 hours from then on
     */
    public record Made(UUID resourceId, Instant createdAt) {}

    /**
     * Deletes this key if it has expired, and a few others that have. To be called before the transaction of {@link #claim}, and not
     * in it: there, the locks of the search would make registrations wait for each other.
     */
    public void forgetExpired(IdempotencyKey key, Instant now, Deadline deadline) {
        Instant limit = now.minus(KEPT);
        List<byte[]> expired = database.read(deadline, handle -> handle.createQuery(
                        "(SELECT key_hash FROM idempotency_keys WHERE key_hash = :keyHash AND created_at <= :limit)"
                                + " UNION (SELECT key_hash FROM idempotency_keys WHERE created_at <= :limit"
                                + " ORDER BY created_at LIMIT :most)")
                .bind("keyHash", key.keyHash())
                .bind("limit", Mysql.time(limit))
                .bind("most", FORGOTTEN_AT_ONCE)
                .map((row, context) -> row.getBytes("key_hash"))
                .list());
        if (expired.isEmpty()) {
            return;
        }
        // By primary key, which locks these rows alone; the time again, because another request may have taken a key anew meanwhile.
        database.writeIdempotently(deadline, handle -> handle.createUpdate(
                        "DELETE FROM idempotency_keys WHERE key_hash IN (<expired>) AND created_at <= :limit")
                .bindList("expired", expired)
                .bind("limit", Mysql.time(limit))
                .execute());
    }

    /**
     * Takes the key for this request, in the transaction that carries it out. While another transaction holds the key this waits for
     * its end: the draft's 409 for an outstanding request would only make the client wait instead.
     *
     * @return {@code made} if the key is new, or taken by an earlier try of this very transaction; otherwise what the request that took
     *     it has made, which is then the answer
     * @throws webapp.core.problem.ProblemException 422 if that was a request for something else
     */
    public Made claim(Handle handle, IdempotencyKey key, Made made) {
        try {
            handle.createUpdate("INSERT INTO idempotency_keys (key_hash, request_hash, resource_id, created_at)"
                            + " VALUES (:keyHash, :requestHash, :resourceId, :createdAt)")
                    .bind("keyHash", key.keyHash())
                    .bind("requestHash", key.requestHash())
                    .bind("resourceId", Mysql.bytes(made.resourceId()))
                    .bind("createdAt", Mysql.time(made.createdAt()))
                    .execute();
            return made;
        } catch (UnableToExecuteStatementException e) {
            if (!Mysql.isDuplicateKey(e)) {
                throw e;
            }
        }
        // The INSERT has locked the row it met, so the row is still there; and it is committed, so the first read of a transaction sees it.
        return handle.createQuery("SELECT request_hash, resource_id, created_at FROM idempotency_keys WHERE key_hash = :keyHash")
                .bind("keyHash", key.keyHash())
                .map((row, context) -> {
                    if (!Arrays.equals(row.getBytes("request_hash"), key.requestHash())) {
                        throw IdempotencyKey.reused();
                    }
                    return new Made(Mysql.id(row, "resource_id"), Mysql.time(row, "created_at"));
                })
                .one();
    }
}
