package io.millrace.system;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The command of a Java process that lives for seconds and shares the processors with the tests:
/// no optimising compiler, one thread for the collector, and classes as a process before it left
/// them loaded. The first one that ends keeps them in a file, and does so again when the class path
/// has changed.
record JavaCommand(String main, List<String> flags) {
    private static final Path ARCHIVES = Path.of("target").toAbsolutePath();

    JavaCommand(String main, String... flags) {
        this(main, List.of(flags));
    }

    /// The whole command, with the arguments of the program.
    List<String> with(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(java());
        words.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+AutoCreateSharedArchive",
                        "-XX:SharedArchiveFile=" + ARCHIVES.resolve(main + ".jsa"),
                        // What it says of that file is nothing that a program said.
                        "-Xlog:disable",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dstdout.encoding=UTF-8",
                        "-Dstderr.encoding=UTF-8"));
        words.addAll(flags);
        words.addAll(List.of("-cp", classPath(), main));
        words.addAll(List.of(arguments));
        return words;
    }

    /// The `java` that runs this test.
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// That of the tests without their own classes, since those lie in a folder, and such a file
    /// knows jars only.
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
