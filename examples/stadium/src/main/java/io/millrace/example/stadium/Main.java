package io.millrace.example.stadium;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/// Any of the programs: the one that the first argument names, or all of them with the crowd that
/// buys and comes.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        boolean single = arguments.length > 0 && !arguments[0].startsWith("--");
        Options options;
        try {
            options =
                    Options.parse(Arrays.copyOfRange(arguments, single ? 1 : 0, arguments.length));
            Files.createDirectories(options.data());
            if (!single) {
                System.exit(new Stadium(options, System.out).run());
            }
        } catch (IllegalArgumentException e) {
            System.err.println("stadium: " + e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        program(arguments[0], options);
    }

    /// Runs one program until it is killed.
    private static void program(String role, Options options) throws InterruptedException {
        MillraceClient millrace = new MillraceClient(options.server());
        AutoCloseable program =
                switch (role) {
                    case "portal" ->
                            new Portal(millrace, options.port(), options.data(), System.out);
                    case "erp", "profiles" -> new Office(role, options.port(), options.data());
                    case "reporting" ->
                            new Reporting(millrace, options.port(), options.data(), System.out);
                    case "gate" ->
                            new Gate(
                                    millrace,
                                    options.name(),
                                    options.port(),
                                    options.data(),
                                    System.out);
                    default -> throw new IllegalArgumentException("there is no program " + role);
                };
        System.out.println(role + " listens on http://127.0.0.1:" + options.port());
        new CountDownLatch(1).await();
        // Never reached: the program lives as long as its process.
        System.out.println(program);
    }
}
