package io.millrace.cli.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A question to the person at the terminal, before something that cannot be undone.
public final class Question {
    private Question() {}

    /// Asks, and tells whether the answer was yes.
    ///
    /// @param what what is going to be done, without `?`
    /// @throws CommandFailure if there is nobody to ask
    public static boolean confirmed(Console console, String what) throws IOException {
        if (!console.terminals().in()) {
            throw CommandFailure.usage(
                    what + "? There is no terminal to ask on: confirm with --yes.");
        }
        console.err().print(what + "? [y/N] ");
        console.err().flush();
        var lines = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
        String answer = lines.readLine();
        String given = answer == null ? "" : answer.strip().toLowerCase(Locale.ROOT);
        return given.equals("y") || given.equals("yes");
    }
}
