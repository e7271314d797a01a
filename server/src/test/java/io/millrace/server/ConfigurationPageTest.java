package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.ConfigReference;
import io.millrace.house.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Holds docs/reference/configuration.md to the records and options that it describes.
final class ConfigurationPageTest {
    private static final String WRITE = "millrace.docs.write";
    private static final Path PAGE = Repository.root().resolve("docs/reference/configuration.md");

    @Test
    void thePageIsCurrent() throws IOException {
        String page = Files.readString(PAGE);
        String current = with(page, "keys", ConfigReference.markdown(ServerConfig.class));
        current = with(current, "options", "```text\n" + ServerOptions.USAGE + "```\n");
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, current);
        } else {
            assertThat(page)
                    .as(
                            "%s is not current; write it with"
                                    + " mvn test -pl server -am -Dtest=ConfigurationPageTest"
                                    + " -Dsurefire.failIfNoSpecifiedTests=false -D%s=true",
                            PAGE, WRITE)
                    .isEqualTo(current);
        }
    }

    private static String with(String page, String name, String content) {
        String begin = "<!-- generated: " + name + " -->\n";
        Matcher part =
                Pattern.compile(Pattern.quote(begin) + ".*?<!-- end -->", Pattern.DOTALL)
                        .matcher(page);
        assertThat(part.find()).as("the page has a place for " + name).isTrue();
        return part.replaceFirst(
                Matcher.quoteReplacement(begin + "\n" + content + "\n<!-- end -->"));
    }
}
