package webapp.benchmarks.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import webapp.core.configuration.Configuration;
import webapp.core.database.Connector;
import webapp.core.http.Request;
import webapp.core.http.Response;
import webapp.core.http.Router;
import webapp.core.problem.ProblemException;

/** {@code getUser} as the function {@code users} answers it, with JDBC in the place of Jdbi and of the retries around it. */
public final class JdbcHandler implements RequestStreamHandler {
    private final Connector connector = Connector.of(Configuration.ofEnvironment());
    private final Router router = new Router().on("GET", "/users/{userId}", this::get);
    private Connection connection;

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        router.answer(input, output, context);
    }

    private Response get(Request request) {
        UUID userId = UUID.fromString(request.path().get("userId"));
        try {
            if (connection == null) {
                connection = connector.open(Duration.ofSeconds(3));
            }
            try (PreparedStatement statement = connection.prepareStatement("SELECT name, email, phone, created_at FROM users WHERE user_id = ?")) {
                statement.setBytes(1, ByteBuffer.allocate(16)
                        .putLong(userId.getMostSignificantBits())
                        .putLong(userId.getLeastSignificantBits())
                        .array());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    String name = row.getString("name");
                    String email = row.getString("email");
                    String phone = row.getString("phone");
                    Instant createdAt = row.getObject("created_at", LocalDateTime.class).toInstant(ZoneOffset.UTC);
                    return Response.json(200, json -> {
                        json.writeStringField("userId", userId.toString());
                        json.writeStringField("name", name);
                        json.writeStringField("email", email);
                        if (phone != null) {
                            json.writeStringField("phone", phone);
                        }
                        json.writeStringField("createdAt", createdAt.toString());
                    });
                }
            }
        } catch (SQLException | IOException e) {
            throw ProblemException.internalError(e);
        }
    }
}
