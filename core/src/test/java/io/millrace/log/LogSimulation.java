package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// One random life of one log, from one seed: publish, read, flush, retain, compact, roll, fail,
/// crash, recover; after every step the log must be what [LogModel] says.
final class LogSimulation {
    private static final Path FOLDER = Path.of("/data/stream/0");
    private static final int STEPS = 150;

    private final Random random;
    private final SimulatedDisk disk;
    private final SimulatedClock clock = new SimulatedClock();
    private final LogModel model;
    private final SimulatedAppends appends;
    private final FileLogs logs;
    private final boolean isCompacted;
    private final boolean isSynced;
    private LogConfig config;
    private long hiddenFrom = Long.MAX_VALUE;
    private Log log;
    private @Nullable Cleaning cleaning;
    private Cleaning.Next next = Cleaning.Next.DONE;
    private final List<String> history = new ArrayList<>();

    LogSimulation(long seed) throws IOException {
        random = new Random(seed);
        disk = new SimulatedDisk(new Random(seed + 1));
        isCompacted = random.nextInt(3) == 0;
        model = new LogModel(isCompacted);
        appends = new SimulatedAppends(random, clock, isCompacted);
        isSynced = random.nextInt(4) > 0;
        logs = new FileLogs(disk, clock, 2, random.nextBoolean() ? 200 : 1 << 16);
        config = randomConfig();
        log = logs.open(FOLDER, config).log();
        log.leaveOut((producer, _) -> producer == SimulatedAppends.ABORTING);
    }

    List<String> history() {
        return history;
    }

    private LogConfig randomConfig() {
        return new LogConfig(
                isSynced ? Durability.SYNCED : Durability.BUFFERED,
                200 + random.nextInt(random.nextBoolean() ? 1000 : 20000),
                Duration.ofMillis(1 + random.nextInt(100_000)),
                random.nextInt(3) == 0 ? Duration.ofMillis(random.nextInt(50_000)) : null,
                random.nextInt(3) == 0 ? Long.valueOf(random.nextInt(20_000)) : null,
                isCompacted,
                Duration.ofMillis(random.nextInt(20_000)));
    }

    void run() throws IOException {
        for (int step = 0; step < STEPS; step++) {
            clock.advance(random.nextInt(1000));
            step();
            checkOffsets();
        }
        disk.failNothing();
        restart(true, false);
        checkContent();
    }

    private void step() throws IOException {
        int dice = random.nextInt(100);
        if (log.state() instanceof LogState.Failed && dice < 50) {
            restart(dice < 25, dice < 12);
        } else if (dice < 27) {
            append(appends.own(model, log));
        } else if (dice < 45) {
            append(appends.produced(model, log));
        } else if (dice < 65) {
            flush();
        } else if (dice < 75) {
            readSomewhere();
        } else if (dice < 78) {
            fetchSomewhere();
        } else if (dice < 79) {
            checkTime();
        } else if (dice < 80) {
            hideOrShow();
        } else if (dice < 81) {
            plan();
        } else if (dice < 82) {
            if (random.nextBoolean()) {
                keepFromSomewhere();
            } else {
                deleteSomewhere();
            }
        } else if (dice < 86) {
            stepCleaning(1 + random.nextInt(6));
        } else if (dice < 90) {
            arrangeFailure();
        } else if (dice < 92) {
            clock.jump(random.nextInt(20_000) - 10_000);
        } else if (dice < 94) {
            config = randomConfig();
            log.configure(config);
            note("configure " + config);
        } else if (dice < 96) {
            checkContent();
        } else {
            restart(dice == 96 || dice == 97, dice == 98);
        }
    }

    private void note(String what) {
        history.add(what);
    }

    private void append(SimulatedAppends.Draft draft) {
        List<LogModel.Entry> entries = draft.entries();
        int count = entries.size();
        try {
            long offset = draft.append().getAsLong();
            assertThat(offset).as("offset of an append").isEqualTo(model.end());
            model.appended(entries);
            note("append %d records at %d".formatted(count, offset));
        } catch (MillraceException e) {
            model.refused(entries);
            note("append refused: " + e.getMessage());
            assertThat(e.code())
                    .isIn(
                            ErrorCode.DISK_FULL,
                            ErrorCode.DISK_READ_ONLY,
                            ErrorCode.PARTITION_FAILED);
        }
    }

    private void flush() {
        try {
            long flushed = log.flush();
            assertThat(flushed).as("flushed offset").isEqualTo(model.end());
            model.flushed();
            note("flush to " + flushed);
        } catch (MillraceException e) {
            note("flush refused: " + e.getMessage());
            assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_FAILED);
            assertThat(log.state()).isInstanceOf(LogState.Failed.class);
        }
    }

    private void plan() {
        try {
            Cleaning planned = log.plan(clock.epochMillis());
            if (planned != null) {
                assertThat(cleaning).as("two cleanings at once").isNull();
                cleaning = planned;
                next = Cleaning.Next.STEP;
                model.cleaningPlanned();
            }
            note(planned == null ? "plan nothing" : "plan a cleaning");
        } catch (MillraceException e) {
            note("plan refused: " + e.getMessage());
        }
    }

    private void keepFromSomewhere() {
        boolean all = random.nextInt(3) == 0;
        model.keepFrom(all ? Long.MAX_VALUE : random.nextLong(model.end() + 1));
        log.keepFrom(model.keepFrom());
        note("keep from " + model.keepFrom());
    }

    /// The cleaner's steps and the writer's publications, with anything between them.
    private void stepCleaning(int steps) {
        for (int i = 0; i < steps && cleaning != null; i++) {
            try {
                if (next == Cleaning.Next.PUBLISH) {
                    cleaning.publish();
                    next = Cleaning.Next.STEP;
                    model.started(log.startOffset());
                    note("publish, start is now " + log.startOffset());
                } else {
                    next = cleaning.step();
                    model.maybeStarted();
                    note("step, next is " + next);
                }
            } catch (MillraceException e) {
                note("cleaning refused: " + e.getMessage());
                next = Cleaning.Next.DONE;
            }
            if (next == Cleaning.Next.DONE) {
                cleaning = null;
            }
            if (isSynced && log.storedOffset() > model.durable()) {
                assertThat(log.storedOffset()).isEqualTo(model.end());
                model.flushed();
            }
        }
    }

    private void deleteSomewhere() {
        long offset = random.nextLong(log.storedOffset() + 1);
        try {
            log.deleteBefore(offset);
            model.deleted(offset);
            if (offset > model.durable()) {
                model.flushed();
            }
            note("delete before " + offset);
        } catch (MillraceException e) {
            model.maybeDeleted(offset);
            note("deletion before %d refused: %s".formatted(offset, e.getMessage()));
        }
    }

    /// A transaction begins, goes on or ends.
    private void hideOrShow() {
        if (hiddenFrom == Long.MAX_VALUE) {
            hiddenFrom = model.end();
        } else {
            do {
                hiddenFrom++;
            } while (!model.isBorder(hiddenFrom));
            if (hiddenFrom > model.end() || random.nextBoolean()) {
                hiddenFrom = Long.MAX_VALUE;
            }
        }
        log.hideFrom(hiddenFrom);
        note("hide from " + hiddenFrom);
    }

    private void fetchSomewhere() {
        disk.succeed(SimulatedDisk.Call.OPEN);
        long stored = log.storedOffset();
        long from = log.startOffset() + random.nextLong(stored - log.startOffset() + 1);
        long limit = random.nextBoolean() ? Long.MAX_VALUE : log.readableOffset();
        int bytesMax = 1 + random.nextInt(2000);
        try (LogRegion region = log.region(from, bytesMax, limit)) {
            ByteBuffer bytes = ByteBuffer.allocate(region.size());
            region.read(bytes, 0);
            new RegionCheck(from, Math.min(limit, stored), bytesMax, isCompacted)
                    .check(bytes.array(), region.endOffset());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void arrangeFailure() {
        switch (random.nextInt(5)) {
            case 0 -> disk.full(true);
            case 1 -> disk.readOnly(true);
            case 2 -> disk.failNothing();
            default -> {
                SimulatedDisk.Call[] calls = SimulatedDisk.Call.values();
                SimulatedDisk.Call call = calls[random.nextInt(calls.length)];
                if (call != SimulatedDisk.Call.READ) {
                    int after = random.nextInt(4);
                    disk.failNext(call, after);
                    note("fail " + call + " after " + after);
                }
            }
        }
    }

    /// Stops and starts again: the machine, the process, or in good order.
    private void restart(boolean machine, boolean inOrder) throws IOException {
        long readable = log.readableOffset();
        if (cleaning != null && random.nextBoolean()) {
            // Within a step, not only between two of them.
            SimulatedDisk.Call[] calls = SimulatedDisk.Call.values();
            disk.failNext(calls[random.nextInt(calls.length)], random.nextInt(4));
            stepCleaning(3);
            disk.failNothing();
        }
        boolean hasFailed = log.state() instanceof LogState.Failed;
        if (inOrder && !machine) {
            disk.failNothing();
            boolean wasOpen = log.state() instanceof LogState.Open;
            log.close();
            if (wasOpen) {
                model.flushed();
            }
            note("close");
        }
        if (machine) {
            disk.crash();
            note("the machine crashes");
        } else {
            disk.crashProcess();
            note("the process crashes");
        }
        endCleaning();
        FileLogs.Opened opened = openAmidCrashes();
        take(opened.log());
        note(
                "recovered %d to %d, %s"
                        .formatted(log.startOffset(), log.endOffset(), opened.report()));
        assertThat(opened.report().damages()).as("damages, without there being any").isEmpty();
        boolean isSafe = !machine && !hasFailed && !crashedAgain;
        long mustHave = isSafe ? model.end() : model.durable();
        if (isSynced) {
            assertThat(mustHave).isGreaterThanOrEqualTo(Math.min(readable, model.durable()));
        }
        if (log.startOffset() == log.endOffset()) {
            // How far the last record's time raises the next one's is open if there is none.
            clock.advance(60_000);
        }
        model.recovered(log.startOffset(), log.endOffset(), mustHave, content());
        if (hiddenFrom > model.end()) {
            hiddenFrom = Long.MAX_VALUE;
        }
        log.hideFrom(hiddenFrom);
        checkContent();
    }

    private void take(Log opened) {
        log = opened;
        log.keepFrom(model.keepFrom());
        log.leaveOut((producer, _) -> producer == SimulatedAppends.ABORTING);
    }

    /// A cleaning of a closed log is over; one of a log that crashed is not asked any more.
    private void endCleaning() {
        if (cleaning != null && log.state() instanceof LogState.Closed) {
            assertThat(cleaning.step()).as("step after the end").isEqualTo(Cleaning.Next.DONE);
        }
        cleaning = null;
    }

    private boolean crashedAgain;

    /// Opening itself may be hit by a crash.
    private FileLogs.Opened openAmidCrashes() throws IOException {
        crashedAgain = false;
        while (random.nextInt(4) == 0) {
            SimulatedDisk.Call[] calls = SimulatedDisk.Call.values();
            disk.failNext(calls[random.nextInt(calls.length)], random.nextInt(6));
            try {
                logs.open(FOLDER, config);
                note("opened amid failures");
            } catch (IOException e) {
                note("opening failed: " + e.getMessage());
            }
            if (random.nextBoolean()) {
                disk.crash();
                note("the machine crashes again");
            } else {
                disk.crashProcess();
                note("the process crashes again");
            }
            crashedAgain = true;
        }
        return logs.open(FOLDER, config);
    }

    private void checkOffsets() {
        assertThat(log.endOffset()).as("end offset").isEqualTo(model.end());
        assertThat(log.startOffset()).as("start offset").isEqualTo(model.start());
        if (!(log.state() instanceof LogState.Failed)) {
            long stored = isSynced ? model.durable() : model.end();
            long readable = Math.max(model.start(), Math.min(stored, hiddenFrom));
            assertThat(log.storedOffset()).as("stored offset").isEqualTo(stored);
            assertThat(log.readableOffset()).as("readable offset").isEqualTo(readable);
        }
    }

    private void readSomewhere() {
        disk.succeed(SimulatedDisk.Call.OPEN);
        long readable = log.readableOffset();
        long from = log.startOffset() + random.nextLong(readable - log.startOffset() + 1);
        LogSlice slice = log.read(from, 1 + random.nextInt(3000));
        List<Long> offsets = new ArrayList<>();
        slice.forEach(record -> {
            offsets.add(record.offset());
            assertSame(record);
        });
        if (from < readable) {
            assertThat(slice.nextOffset()).as("next offset").isGreaterThan(from);
        }
        if (!isCompacted) {
            List<Long> expected = new ArrayList<>();
            for (long offset = from; offset < slice.nextOffset(); offset++) {
                if (!model.entry(offset).isAborted()) {
                    expected.add(offset);
                }
            }
            assertThat(offsets).as("offsets in order").isEqualTo(expected);
        }
    }

    private void assertSame(LogRecord record) {
        LogModel.Entry entry = model.entry(record.offset());
        assertThat(entry.isAborted()).as("aborted").isFalse();
        assertThat(LogModel.same(entry, entry(record)))
                .as("record at %d: %s, not %s", record.offset(), entry, entry(record))
                .isTrue();
    }

    private static LogModel.Entry entry(LogRecord record) {
        return new LogModel.Entry(
                text(record.key()),
                text(record.value()),
                record.timestampMillis(),
                0,
                LogModel.Kind.OWN);
    }

    private static @Nullable String text(@Nullable Bytes bytes) {
        return bytes == null ? null : bytes.toUtf8();
    }

    /// Everything that can be read.
    private Map<Long, LogModel.Entry> content() {
        disk.succeed(SimulatedDisk.Call.OPEN);
        Map<Long, LogModel.Entry> content = new HashMap<>();
        long offset = log.startOffset();
        long[] last = {-1};
        while (offset < log.readableOffset()) {
            LogSlice slice = log.read(offset, 2000);
            slice.forEach(record -> {
                assertThat(record.offset()).as("order").isGreaterThan(last[0]);
                last[0] = record.offset();
                content.put(record.offset(), entry(record));
            });
            assertThat(slice.nextOffset()).as("progress").isGreaterThan(offset);
            offset = slice.nextOffset();
        }
        return content;
    }

    private void checkContent() {
        Map<Long, LogModel.Entry> content = content();
        content.forEach((offset, entry) ->
                assertThat(
                                LogModel.same(model.entry(offset), entry)
                                        && !model.entry(offset).isAborted())
                        .as("offset %d: %s", offset, entry)
                        .isTrue());
        if (isCompacted) {
            checkLatest(content);
        } else {
            for (long offset = log.startOffset(); offset < log.readableOffset(); offset++) {
                assertThat(content.containsKey(offset))
                        .as("content at %d", offset)
                        .isEqualTo(!model.entry(offset).isAborted());
            }
        }
    }

    /// The latest record of each key is there, unless it is a tombstone.
    private void checkLatest(Map<Long, LogModel.Entry> content) {
        Map<String, Long> latest = new HashMap<>();
        for (long offset = log.startOffset(); offset < log.readableOffset(); offset++) {
            String key = model.entry(offset).key();
            if (key != null && !model.entry(offset).isAborted()) {
                latest.put(key, offset);
            }
        }
        latest.forEach((key, offset) -> {
            if (model.entry(offset).value() != null) {
                assertThat(content).as("latest record of %s", key).containsKey(offset);
            } else if (!content.containsKey(offset)) {
                assertThat(content.values())
                        .as("%s came back after its deletion", key)
                        .noneMatch(entry -> key.equals(entry.key()));
            }
        });
    }

    private void checkTime() {
        disk.succeed(SimulatedDisk.Call.OPEN);
        long readable = log.readableOffset();
        if (isCompacted || readable == log.startOffset()) {
            return;
        }
        long probe = log.startOffset() + random.nextLong(readable - log.startOffset());
        long time = model.entry(probe).timestamp() + random.nextInt(3) - 1;
        long expected = log.startOffset();
        while (expected < readable
                && (model.entry(expected).timestamp() < time
                        || model.entry(expected).isAborted())) {
            expected++;
        }
        assertThat(log.offsetAt(time)).as("offset at time %d", time).isEqualTo(expected);
    }
}
