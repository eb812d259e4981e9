/**
 * The laptop's database: MariaDB under the names of Amazon RDS, behind a bridge that knows IAM database authentication.
 *
 * <p>{@link webapp.local.database.MariaDb} is the server, {@link webapp.local.database.LoginBridge} is what clients reach,
 * {@link webapp.local.database.LoginRules} decides who may log in, and {@link webapp.local.database.CertificateAuthority}
 * gives both their certificates.
 */
package webapp.local.database;
