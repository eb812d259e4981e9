package webapp.database;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import org.flywaydb.core.api.logging.Log;

/** Sends what Flyway tells to the function's log, where an operator looks for it. */
final class MigrationLog implements Log {
    private final LambdaLogger target;

    MigrationLog(LambdaLogger target) {
        this.target = target;
    }

    @Override
    public void debug(String message) {
        // Every statement and every file it looks at: too much for a log that is paid for by volume.
    }

    @Override
    public void info(String message) {
        target.log(message, LogLevel.INFO);
    }

    @Override
    public void notice(String message) {
        target.log(message, LogLevel.INFO);
    }

    @Override
    public void warn(String message) {
        target.log(message, LogLevel.WARN);
    }

    @Override
    public void error(String message) {
        target.log(message, LogLevel.ERROR);
    }

    @Override
    public void error(String message, Exception cause) {
        target.log(message + ": " + cause, LogLevel.ERROR);
    }
}
