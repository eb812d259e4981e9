package webapp.database;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import webapp.core.configuration.Configuration;
import webapp.core.database.DatabaseServer;

/**
 * Migrates the schema and creates the users of the application and, if there is to be one, of drills, as the master user, on the writer. Terraform invokes it once for each new
 * jar. The event is ignored; the result is {@code {"schemaVersion":"1","migrationsExecuted":1}}. A failure is thrown: its message, which
 * has no secret, ends the apply, and the next apply tries again.
 */
public final class MigratorHandler implements RequestStreamHandler {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Opens a connection of the master user. */
    @FunctionalInterface
    interface Login {
        Connection open(MasterSecret master) throws SQLException;
    }

    private final String database;
    private final String applicationUser;
    private final String drillUser;
    private final String location;
    private final Supplier<MasterSecret> secret;
    private final Login login;

    /** Lambda's; the environment says where the database and its master secret are. */
    public MigratorHandler() {
        this(Configuration.ofEnvironment());
    }

    private MigratorHandler(Configuration configuration) {
        DatabaseServer server = DatabaseServer.of(configuration);
        String secretArn = configuration.text("DATABASE_MASTER_SECRET_ARN");
        this.database = server.database();
        this.applicationUser = configuration.text("DATABASE_APPLICATION_USER");
        this.drillUser = configuration.optionalText("DATABASE_DRILL_USER");
        this.location = "classpath:db/migration";
        this.secret = () -> MasterSecret.read(secretArn);
        // A migration takes as long as it takes: the function's timeout is the limit.
        this.login = master -> server.connect(master.username(), master.password(), CONNECT_TIMEOUT, Duration.ZERO);
    }

    /** @param drillUser null for none */
    MigratorHandler(
            String database, String applicationUser, String drillUser, String location, Supplier<MasterSecret> secret, Login login) {
        this.database = database;
        this.applicationUser = applicationUser;
        this.drillUser = drillUser;
        this.location = location;
        this.secret = secret;
        this.login = login;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        MasterSecret master = secret.get();
        // Checked before anything is changed.
        List<IamUser> users = new ArrayList<>(List.of(IamUser.application(applicationUser, master.username())));
        if (drillUser != null) {
            users.add(IamUser.drill(drillUser, master.username(), applicationUser));
        }
        Writer writer = new Writer(() -> login.open(master));
        Migrations.Result result;
        try {
            result = new Migrations(writer, location, context.getLogger()).run();
            try (Connection connection = writer.getConnection()) {
                for (IamUser user : users) {
                    user.create(connection, database, context.getLogger());
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot migrate database " + database + ": " + e.getMessage(), e);
        }
        try (JsonGenerator json = new JsonFactory().createGenerator(output)) {
            json.writeStartObject();
            json.writeStringField("schemaVersion", result.schemaVersion());
            json.writeNumberField("migrationsExecuted", result.migrationsExecuted());
            json.writeEndObject();
        }
    }
}
