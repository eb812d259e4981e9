package webapp.database;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.logging.LogFactory;
import org.flywaydb.core.api.output.MigrateResult;

/** Brings the schema to the version of this jar, under Flyway's lock, so that two runs at once do the work once. */
final class Migrations {
    private static final String HISTORY = "flyway_schema_history";

    private final DataSource writer;
    private final String location;
    private final LambdaLogger log;

    /** @param location where the scripts are: {@code classpath:db/migration} */
    Migrations(DataSource writer, String location, LambdaLogger log) {
        this.writer = writer;
        this.location = location;
        this.log = log;
    }

    /**
     * @param schemaVersion the version after the run, null if there are no migrations
     * @param migrationsExecuted how many this run applied
     */
    record Result(String schemaVersion, int migrationsExecuted) {}

    /** @throws org.flywaydb.core.api.FlywayException with the script, the statement and the server's message, if a migration fails */
    Result run() throws SQLException {
        // What Flyway calls its console is whatever the program gives it.
        LogFactory.setFallbackLogCreator(type -> new MigrationLog(log));
        Flyway flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(writer)
                .locations(location)
                .table(HISTORY)
                .loggers("console")
                .encoding("UTF-8")
                .connectRetries(0)
                .cleanDisabled(true)
                .load();
        forgetFailures(flyway);
        MigrateResult result = flyway.migrate();
        MigrationInfo current = flyway.info().current();
        return new Result(
                current == null || current.getVersion() == null ? null : current.getVersion().getVersion(),
                result.migrationsExecuted);
    }

    /**
     * A migration that failed leaves a row that bars all later runs, because DDL cannot be rolled back and someone might have to clean
     * up first. Here migrations are written to be run again (see V1), so the row goes and the corrected migration is tried. Flyway's own
     * {@code repair} would also accept changed checksums of applied migrations, which is a mistake to report and not to repair.
     */
    private void forgetFailures(Flyway flyway) throws SQLException {
        boolean failed = false;
        for (MigrationInfo migration : flyway.info().all()) {
            if (migration.getState().isFailed()) {
                failed = true;
                log.log("Migration " + migration.getScript() + " failed in an earlier run and is tried again");
            }
        }
        if (failed) {
            try (Connection connection = writer.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("DELETE FROM " + HISTORY + " WHERE success = 0");
            }
        }
    }
}
