package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.tools.BrokerApiVersionsCommand;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The table of requests in the reference is what the server tells its clients.
@Tag("slow")
@Timeout(60)
@EnabledIfSystemProperty(named = "kafka.server", matches = "millrace")
final class ReferenceKafkaTest {
    private static final Path PAGE = Path.of("../docs/reference/kafka.md");
    private static final Pattern ROW =
            Pattern.compile(
                    "^\\| (\\w+) \\| (\\d+) \\| (\\d+(?: to \\d+)?) \\|", Pattern.MULTILINE);
    private static final Pattern TOLD =
            Pattern.compile("(\\w+)\\((\\d+)\\): (\\d+(?: to \\d+)?) \\[usable");

    @Test
    void theReferenceSaysWhatTheServerSays(@TempDir Path data) throws Exception {
        try (KafkaServer server = KafkaServer.start(data)) {
            String told = new Tool(server.bootstrap()).run(BrokerApiVersionsCommand::main);
            assertThat(found(ROW, Files.readString(PAGE)))
                    .isEqualTo(found(TOLD, told))
                    .isNotEmpty();
        }
    }

    private static Map<String, String> found(Pattern pattern, String text) {
        Map<String, String> found = new TreeMap<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.put(matcher.group(1) + " " + matcher.group(2), matcher.group(3));
        }
        return found;
    }
}
