package io.millrace.bench.queue;

import java.io.IOException;

/// A broker with one empty work queue in it, and the clients that reach it.
interface WorkQueue {
    /// How it is called in the outcome, with what matters of its settings.
    String name();

    /// Another publisher with a connection of its own.
    Publisher publisher() throws IOException, InterruptedException;

    /// Another worker with a connection of its own.
    Worker worker() throws IOException, InterruptedException;

    /// Processor time of the broker's processes until now, in milliseconds.
    long cpuMillis();

    /// Ends the broker's processes.
    void stop() throws IOException, InterruptedException;

    /// Puts jobs in. Owned by one thread.
    interface Publisher {
        /// Returns when the broker has said that it has all of them.
        void publish(int jobs) throws IOException, InterruptedException;

        void disconnect() throws IOException, InterruptedException;
    }

    /// Takes jobs and settles them. Owned by one thread.
    interface Worker {
        /// Takes at most so many jobs and settles them; waits up to a second if there are none.
        ///
        /// @return how many it were
        int work(int jobsMax) throws IOException, InterruptedException;

        void disconnect() throws IOException, InterruptedException;
    }
}
