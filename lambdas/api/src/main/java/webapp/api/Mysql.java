package webapp.api;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** How ids and times are kept in columns that MySQL and MariaDB read alike, and how both report a duplicate. */
public final class Mysql {
    private static final int DUPLICATE_KEY = 1062;

    private Mysql() {}

    /** @return a value for a column BINARY(16), which sorts as the id's text does */
    public static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    public static UUID id(ResultSet row, String column) throws SQLException {
        ByteBuffer bytes = ByteBuffer.wrap(row.getBytes(column));
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    /** A value for a column DATETIME(3), in UTC: written and read without a conversion between time zones. */
    public static Argument time(Instant time) {
        LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        return (position, statement, context) -> statement.setObject(position, utc);
    }

    public static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }

    public static boolean isDuplicateKey(UnableToExecuteStatementException failure) {
        return failure.getCause() instanceof SQLException cause && cause.getErrorCode() == DUPLICATE_KEY;
    }
}
