package io.millrace.system.kafka;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Exit;

/// Runs Kafka's command-line tools inside this process, which spares each the start of its own. For
/// one thread: standard output and input are the whole process's.
final class Tool {
    private static final int NONE = Integer.MIN_VALUE;

    private final String bootstrap;

    /// The `main` of a tool.
    interface Main {
        void run(String[] arguments) throws Exception;
    }

    /// That a tool wants to end the process. What catches everything may catch this, too; so the
    /// code is kept apart.
    private static final class Exited extends Error {
        private static final long serialVersionUID = 1;

        Exited() {
            super("", null, false, false);
        }
    }

    Tool(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    /// Runs a tool that has to succeed.
    ///
    /// @return what it wrote
    String run(Main main, String... arguments) {
        return ended(main, "", arguments).good();
    }

    String runWith(String input, Main main, String... arguments) {
        return ended(main, input, arguments).good();
    }

    /// Runs a tool with `--bootstrap-server` in front of its arguments.
    Program.Ended ended(Main main, String input, String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "--bootstrap-server";
        all[1] = bootstrap;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return bare(main, input, all);
    }

    /// Runs a tool with just these arguments.
    static Program.Ended bare(Main main, String input, String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream output = System.out;
        PrintStream errors = System.err;
        InputStream source = System.in;
        try (PrintStream catcher = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setOut(catcher);
            System.setErr(catcher);
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            AtomicInteger code = new AtomicInteger(NONE);
            Exit.setExitProcedure((wanted, _) -> exit(code, wanted));
            Exit.setHaltProcedure((wanted, _) -> exit(code, wanted));
            List<Runnable> hooks = new ArrayList<>();
            Exit.setShutdownHookAdder((_, hook) -> hooks.add(hook));
            call(main, arguments, catcher, code);
            hooks.forEach(Runnable::run);
            catcher.flush();
            return new Program.Ended(code.get(), said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(output);
            System.setErr(errors);
            System.setIn(source);
            Exit.resetExitProcedure();
            Exit.resetHaltProcedure();
            Exit.resetShutdownHookAdder();
        }
    }

    private static void call(
            Main main, String[] arguments, PrintStream catcher, AtomicInteger code) {
        try {
            main.run(arguments);
            code.compareAndSet(NONE, 0);
        } catch (Exited _) {
            // The code is known.
        } catch (Exception e) {
            e.printStackTrace(catcher);
            code.compareAndSet(NONE, 1);
        }
    }

    private static void exit(AtomicInteger code, int wanted) {
        code.compareAndSet(NONE, wanted);
        throw new Exited();
    }
}
