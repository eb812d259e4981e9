package webapp.local.host;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import webapp.local.host.functions.SnapshotHandler;

import static org.assertj.core.api.Assertions.assertThat;

class SnapStartTest {
    @TempDir
    private static Path directory;

    private static RunningHost host;

    @BeforeAll
    static void start() throws IOException {
        host = new RunningHost(directory);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void hooksRunInOrderBeforeTheFirstEvent() {
        host.deploy(new DeploymentBuilder("restored", SnapshotHandler.class).snapStart());

        JsonNode answer = host.invoke("restored", "{}").body();

        assertThat(answer.get("steps")).extracting(JsonNode::asText).containsExactly("constructed", "beforeCheckpoint", "afterRestore");
        assertThat(host.log("restored")).containsSubsequence("INIT_START", "RESTORE_START", "START RequestId", "\tRestore Duration: ");
    }

    @Test
    void credentialsComeFromTheContainerEndpointOnly() {
        host.deploy(new DeploymentBuilder("endpoint", SnapshotHandler.class).snapStart());

        JsonNode answer = host.invoke("endpoint", "{}").body();

        assertThat(answer.get("keyInEnvironment").asBoolean()).isFalse();
        assertThat(answer.get("withoutToken").asText()).isEqualTo("refused with 403");
        RoleSessions.Session session = host.sessions().forFunction("arn:aws:iam::000000000000:role/endpoint", "endpoint");
        assertThat(answer.get("credentials").asText()).contains("\"AccessKeyId\":\"" + session.accessKeyId() + '"',
                "\"SecretAccessKey\":\"" + session.secretAccessKey() + '"', "\"Token\":\"" + session.sessionToken() + '"',
                "\"Expiration\":\"" + session.expiration() + '"');
    }

    @Test
    void failingHookBeforeTheCheckpointIsNamed() {
        host.deploy(new DeploymentBuilder("unready", SnapshotHandler.class).snapStart().environment("FAILING_HOOK", "beforeCheckpoint"));

        RunningHost.Reply reply = host.invoke("unready", "{}");

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.errorType()).isEqualTo("Runtime.BeforeCheckpointError");
        assertThat(reply.errorMessage()).contains(host.host().logFile("unready").toString());
        assertThat(host.log("unready")).contains("the pool is still open", "SnapshotHandler.beforeCheckpoint");
    }

    @Test
    void failingHookAfterTheRestoreIsNamed() {
        host.deploy(new DeploymentBuilder("unrestored", SnapshotHandler.class).snapStart().environment("FAILING_HOOK", "afterRestore"));

        RunningHost.Reply reply = host.invoke("unrestored", "{}");

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.errorType()).isEqualTo("Runtime.AfterRestoreError");
        assertThat(reply.errorMessage()).contains(host.host().logFile("unrestored").toString());
        assertThat(host.log("unrestored")).contains("the pool is still open", "SnapshotHandler.afterRestore");
    }
}
