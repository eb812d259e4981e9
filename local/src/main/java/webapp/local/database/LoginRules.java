package webapp.local.database;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import webapp.local.database.CredentialLookup.Credentials;
import webapp.local.database.DatabaseInstances.DatabaseInstance;

/**
 * Decides who may log in to the database, as RDS does: with an IAM token
 * (<a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html">IAM database authentication for
 * MariaDB, MySQL, and PostgreSQL</a>), as master user with the password that RDS manages in Secrets Manager
 * (<a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html">Password management with Amazon RDS
 * and AWS Secrets Manager</a>), or by a password that the server itself knows.
 */
public final class LoginRules {
    private final CredentialLookup credentials;
    private final ConnectPermission permission;
    private final DatabaseInstances instances;
    private final Secrets secrets;
    private final Clock clock;

    public LoginRules(CredentialLookup credentials, ConnectPermission permission, DatabaseInstances instances, Secrets secrets, Clock clock) {
        this.credentials = Objects.requireNonNull(credentials, "credentials");
        this.permission = Objects.requireNonNull(permission, "permission");
        this.instances = Objects.requireNonNull(instances, "instances");
        this.secrets = Objects.requireNonNull(secrets, "secrets");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** The same rules for the server of these instances alone: a token for another one's endpoint is none here. */
    public LoginRules of(DatabaseInstances served) {
        return new LoginRules(credentials, permission, served, secrets, clock);
    }

    /** How a client may log in to the server. */
    sealed interface Admission {
        /** As a user created with AWSAuthenticationPlugin, by a valid token. */
        record ByToken() implements Admission {}

        /** As the master user of an instance. */
        record AsMaster(DatabaseInstance instance) implements Admission {}

        /** If the server accepts the password. */
        record ByPassword() implements Admission {}
    }

    /** Decides on a login; a RuntimeException means that AWS could not be asked. */
    Admission admit(String user, String password) throws LoginRefused {
        if (IamToken.isMeantBy(password)) {
            checkToken(user, IamToken.parse(password));
            return new Admission.ByToken();
        }
        List<DatabaseInstance> owned = new ArrayList<>(instances.list());
        owned.removeIf(instance -> !user.equals(instance.masterUser()));
        if (owned.isEmpty()) {
            return new Admission.ByPassword();
        }
        for (DatabaseInstance instance : owned) {
            if (instance.masterSecretArn() != null && isPassword(instance.masterSecretArn(), user, password)) {
                return new Admission.AsMaster(instance);
            }
        }
        throw new LoginRefused("the password is not that of " + owned.stream().map(LoginRules::secretName).collect(Collectors.joining(" or ")));
    }

    private void checkToken(String user, IamToken token) throws LoginRefused {
        DatabaseInstance instance = endpoint(token);
        if (!instance.iamAuthentication()) {
            throw new LoginRefused("IAM database authentication is not enabled on DB instance " + instance.identifier());
        }
        if (!token.region().equals(instance.region())) {
            throw new LoginRefused("the token was signed for region " + token.region() + ", "
                    + instance.identifier() + " is in " + instance.region());
        }
        if (!token.user().equals(user)) {
            throw new LoginRefused("the token was made for user '" + token.user() + "'");
        }
        Credentials signer = credentials.find(token.accessKeyId()).orElseThrow(() -> new LoginRefused(
                "the token's access key " + token.accessKeyId() + " is unknown on this laptop"));
        // The order of the checks is for the log: the signature covers all that was compared so far.
        token.checkSignature(signer.secretAccessKey());
        if (!Objects.equals(token.sessionToken(), signer.sessionToken())) {
            throw new LoginRefused("the token's session token is not the one handed out with access key " + token.accessKeyId());
        }
        token.checkAge(clock.instant());
        String resource = instance.userArn(user);
        if (!permission.isAllowed(signer.principalArn(), resource)) {
            throw new LoginRefused(principal(signer) + " lacks " + ConnectPermission.ACTION + " on " + resource);
        }
    }

    private DatabaseInstance endpoint(IamToken token) throws LoginRefused {
        List<DatabaseInstance> known = instances.list();
        for (DatabaseInstance instance : known) {
            if (token.host().equalsIgnoreCase(instance.endpointHost()) && token.port() == instance.port()) {
                return instance;
            }
        }
        throw new LoginRefused("the token was made for " + token.host() + ":" + token.port() + ", which is no endpoint here (known: "
                + known.stream().map(instance -> instance.endpointHost() + ":" + instance.port()).collect(Collectors.joining(", ")) + ")");
    }

    private boolean isPassword(String secretArn, String user, String password) {
        Secrets.Login secret = secrets.read(secretArn);
        return user.equals(secret.username()) && MessageDigest.isEqual(
                secret.password().getBytes(StandardCharsets.UTF_8), password.getBytes(StandardCharsets.UTF_8));
    }

    private static String secretName(DatabaseInstance instance) {
        return instance.masterSecretArn() != null ? "secret " + instance.masterSecretArn()
                : "DB instance " + instance.identifier() + ", whose master password RDS does not manage";
    }

    private static String principal(Credentials signer) {
        return (signer.principalArn().contains(":role/") ? "role " : "principal ") + signer.principalArn();
    }
}
