package webapp.local.host;

/** Says whether Lambda may write a function's logs with the function's role; asked once for each process that starts. */
@FunctionalInterface
public interface LogPermission {
    boolean mayWriteLogs(Deployment deployment);
}
