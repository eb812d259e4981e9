package webapp.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;

/** MariaDB lacks RDS's authentication plugin: this turns it into a password, as the laptop's login bridge does. */
final class WithoutIamPlugin {
    static final String PASSWORD = "app-password";

    private WithoutIamPlugin() {}

    /** @param seen receives every statement as the migrator sent it */
    static Connection translate(Connection connection, List<String> seen) {
        return proxy(Connection.class, connection, seen);
    }

    private static <T> T proxy(Class<T> type, T target, List<String> seen) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getName().equals("execute") && arguments != null && arguments[0] instanceof String sql) {
                seen.add(sql);
                arguments[0] =
                        sql.replace("IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'", "IDENTIFIED BY '" + PASSWORD + "'");
            }
            try {
                Object result = method.invoke(target, arguments);
                return result instanceof Statement statement && method.getName().equals("createStatement")
                        ? proxy(Statement.class, statement, seen)
                        : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
