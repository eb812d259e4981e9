package webapp.local.rds;

import java.util.List;
import java.util.Map;

/**
 * What a database holds: rows in memory for tests ({@link Rows}), a real server on the laptop. The double calls it under its lock, in the
 * request that asks for it ({@link #backup}) or the first one after the clock says it is done ({@link Backup#restore},
 * {@link Backup#export}); what takes long there makes that request wait.
 */
public interface Data {
    /** Of a database that is only being restored. */
    Data NONE = new Data() {
        @Override
        public Backup backup() {
            throw new IllegalStateException("A database that is being restored has no snapshot taken");
        }
    };

    /** What it holds now; what happens to the database later does not change it. Called by CreateDBSnapshot: its SnapshotCreateTime. */
    Backup backup();

    /** Where the database is reached; null when nothing listens. */
    default Endpoint endpoint() {
        return null;
    }

    /** The database was deleted. */
    default void delete() {}

    record Endpoint(String address, int port) {}

    /** What a snapshot and its copies hold. */
    interface Backup {
        /**
         * The data of a new database.
         *
         * @param identifier of the new instance or cluster
         */
        Data restore(String identifier);

        /**
         * What an export writes, by key below the task's prefix, as {@code shop/shop.orders/1/part-0.parquet}.
         *
         * @param only databases ({@code shop}) or tables ({@code shop.orders}); all when empty
         */
        Map<String, byte[]> export(List<String> only);

        /** The last snapshot that holds it was deleted. */
        default void delete() {}
    }
}
