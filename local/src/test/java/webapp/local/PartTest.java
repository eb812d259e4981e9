package webapp.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartTest {
    @Test
    void runningProcessIsFound() {
        assertThat(Part.of("this", ProcessHandle.current(), "here").process()).contains(ProcessHandle.current());
    }

    @Test
    void processThatTookOverTheIdIsNotMistakenForThePart() {
        Part part = Part.of("this", ProcessHandle.current(), "here");
        assertThat(new Part(part.name(), part.pid(), part.startedAt() - 1, part.url()).process()).isEmpty();
    }

    @Test
    void recordIsReadAsItWasWritten(@TempDir Path directory) throws Exception {
        StackRecord record = new StackRecord("http://127.0.0.1:1", "http://localhost:2", new Ports(1, 2, 3, 4), List.of(new Part("a", 3, 4, "b")));
        assertThat(StackRecord.read(directory)).isEmpty();
        record.write(directory);
        assertThat(StackRecord.read(directory)).contains(record);
        StackRecord.delete(directory);
        assertThat(StackRecord.read(directory)).isEmpty();
    }
}
