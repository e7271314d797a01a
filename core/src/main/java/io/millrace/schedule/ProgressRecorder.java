package io.millrace.schedule;

/// Keeps how far schedules have come, so that a server that starts again knows.
@FunctionalInterface
public interface ProgressRecorder {
    /// Called on the runner's thread, so it must not wait. What is lost of it in a crash fires
    /// again, as the same event.
    void recorded(String schedule, ScheduleProgress progress);
}
