package io.millrace.bench.mqtt;

import java.io.IOException;

/// A broker that is measured, as a process of its own on 127.0.0.1. For one thread.
interface MqttSide {
    /// How it is called in what is printed, with what matters of its settings.
    String name();

    int port();

    /// Makes a place for topics below `root/`, where the broker has such places.
    ///
    /// @param synced whether each publish is to be on disk before it is acknowledged
    void create(String root, boolean synced) throws IOException, InterruptedException;

    /// Processor time of the broker until now, in milliseconds.
    long cpuMillis();

    /// Resident memory of the broker, in megabytes (10^6 bytes).
    long residentMegabytes() throws IOException;

    void stop() throws InterruptedException;
}
