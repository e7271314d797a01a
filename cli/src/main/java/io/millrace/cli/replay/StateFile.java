package io.millrace.cli.replay;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps the state of a replay in a file that is replaced as a whole: whatever happens, it holds
/// one state or the next.
final class StateFile {
    private static final String SUFFIX = ".millrace-replay";
    private static final int VERSION = 1;

    private final Path file;
    private final Json json;

    StateFile(Path file, Json json) {
        this.file = file;
        this.json = json;
    }

    /// Where a state belongs: where the user says, else beside the input, else, if nothing can be
    /// written there, in the working folder.
    static Path place(@Nullable String given, Path input, Path folder) {
        if (given != null) {
            return folder.resolve(given);
        }
        String name = input.getFileName() + SUFFIX;
        Path beside = input.resolveSibling(name);
        Path parent = beside.toAbsolutePath().getParent();
        boolean usable = Files.exists(beside) || (parent != null && Files.isWritable(parent));
        return usable ? beside : folder.resolve(name);
    }

    /// Where it is.
    Path file() {
        return file;
    }

    /// The state, if there is one.
    ///
    /// @throws CommandFailure if the file is something else
    Optional<ReplayState> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode state = json.parse(Files.readAllBytes(file)).orElseGet(json::object);
        if (state.path("millraceReplay").asInt(0) != VERSION) {
            throw CommandFailure.failed(
                    "%s is not the state of a replay by this version. Delete it, or give another with --state."
                            .formatted(file));
        }
        JsonNode input = state.path("input");
        var options = new TreeMap<String, String>();
        state.path("options")
                .properties()
                .forEach(option -> options.put(option.getKey(), option.getValue().asString()));
        return Optional.of(
                new ReplayState(
                        new InputFile(
                                input.path("size").asLong(),
                                input.path("modified").asString(),
                                input.path("beginning").asString()),
                        options,
                        state.path("acknowledged").asLong(),
                        Duration.parse(state.path("shift").asString())));
    }

    /// Replaces the state.
    void write(ReplayState state) throws IOException {
        ObjectNode document = json.object().put("millraceReplay", VERSION);
        document.putObject("input")
                .put("size", state.input().size())
                .put("modified", state.input().modified())
                .put("beginning", state.input().beginning());
        ObjectNode options = document.putObject("options");
        state.options().forEach(options::put);
        document.put("acknowledged", state.acknowledged());
        document.put("shift", state.shift().toString());
        byte[] bytes = (json.pretty(document) + "\n").getBytes(StandardCharsets.UTF_8);
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel channel =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(false);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
