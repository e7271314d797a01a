package io.millrace.cli.input;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/// The value of `--data`: text, `@FILE`, or `-` for standard input.
public final class DataArgument {
    private static final int BYTES_MAX = 64 << 20;

    private DataArgument() {}

    /// The bytes that the argument stands for.
    public static byte[] read(String argument, Surroundings surroundings) throws IOException {
        if (!argument.equals("-") && !argument.startsWith("@")) {
            return argument.getBytes(StandardCharsets.UTF_8);
        }
        try (InputStream in =
                argument.equals("-")
                        ? surroundings.console().in()
                        : Files.newInputStream(
                                surroundings.folder().resolve(argument.substring(1)))) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw CommandFailure.failed(
                        "The data is larger than %d MiB.".formatted(BYTES_MAX >> 20));
            }
            return bytes;
        }
    }

    /// The media type that the bytes seem to have: JSON if they parse as such, else text if they
    /// are UTF-8, else just bytes.
    public static String guessType(byte[] data, Json json) {
        if (json.parse(data).isPresent()) {
            return "application/json";
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data));
            return "text/plain; charset=utf-8";
        } catch (CharacterCodingException _) {
            return "application/octet-stream";
        }
    }
}
