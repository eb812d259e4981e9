package webapp.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
    @TempDir
    private Path directory;

    @Test
    void fullDeviceIsBlamedHoweverDeepItIsInTheFailure() {
        Throwable full = catchThrowable(() -> Files.writeString(Path.of("/dev/full"), "anything"));
        assertThat(full).isInstanceOf(IOException.class);
        assertThat(DiskSpace.blamedFor(new IllegalStateException("the stack did not start", full), directory))
                .hasValueSatisfying(message -> assertThat(message).contains("The disk of " + directory + " is full", "make room"));
    }

    @Test
    void goProgramsTellItInSmallLetters() {
        assertThat(DiskSpace.blamedFor(new IOException("write /x/terraform.tfstate: no space left on device"), directory)).isPresent();
        assertThat(DiskSpace.blamedFor(new IOException("write /x/terraform.tfstate: disk quota exceeded"), directory)).isPresent();
    }

    @Test
    void otherFailureOnADiskWithRoomIsNotBlamedOnIt() {
        assertThat(DiskSpace.blamedFor(new IOException("connection refused", new IOException()), directory)).isEmpty();
    }

    @Test
    void failureOnADiskWithoutRoomIsBlamedOnItWhateverItSays() {
        // The proc file system has no room at all.
        assertThat(DiskSpace.blamedFor(new IllegalStateException("exit status 1"), Path.of("/proc"))).isPresent();
        assertThat(DiskSpace.warning(Path.of("/proc"))).hasValueSatisfying(message -> assertThat(message).contains("/proc", "0 MB are free"));
    }

    @Test
    void startIsRefusedBeforeItFails() {
        assertThatThrownBy(() -> DiskSpace.require(Path.of("/proc"), false)).isInstanceOf(IllegalStateException.class)
                .hasMessage("the disk of /proc is almost full: 0 MB are free, and the stack needs 200 MB. Make room, then run make up again");
        assertThatThrownBy(() -> DiskSpace.require(Path.of("/proc"), true)).hasMessageContaining("needs 2000 MB");
        assertThatCode(() -> DiskSpace.require(directory, false)).doesNotThrowAnyException();
    }
}
