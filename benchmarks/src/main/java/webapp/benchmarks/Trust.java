package webapp.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Collections;

/** The usual authorities of a language, all of which a process reads on AWS too, and beside them the benchmark's. */
final class Trust {
    private Trust() {}

    /** The JDK's, as JKS, which needs no password to be read. */
    static Path store(Path file, Path authority) throws IOException {
        File usual = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts").toFile();
        try (InputStream certificate = Files.newInputStream(authority); OutputStream out = Files.newOutputStream(file)) {
            KeyStore from = KeyStore.getInstance(usual, "changeit".toCharArray());
            KeyStore to = KeyStore.getInstance("JKS");
            to.load(null, null);
            for (String alias : Collections.list(from.aliases())) {
                to.setCertificateEntry(alias, from.getCertificate(alias));
            }
            to.setCertificateEntry("benchmark", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
            to.store(out, "changeit".toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IOException("Adding " + authority + " to " + usual, e);
        }
        return file;
    }

    /** @param usual a package's, as PEM */
    static Path bundle(Path file, Path usual, Path authority) throws IOException {
        return Files.writeString(file, Files.readString(usual) + "\n" + Files.readString(authority));
    }
}
