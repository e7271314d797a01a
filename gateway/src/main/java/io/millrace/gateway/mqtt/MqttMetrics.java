package io.millrace.gateway.mqtt;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.gateway.mqtt.connection.MqttService;
import io.millrace.gateway.mqtt.loop.Clients;
import io.millrace.gateway.mqtt.loop.MqttLoops;

/// What MQTT clients do, as `GET /metrics` tells it. Thread-safe.
public final class MqttMetrics implements MeterBinder {
    private final MqttService service;
    private final Clients clients;
    private final MqttLoops loops;

    MqttMetrics(MqttService service, Clients clients, MqttLoops loops) {
        this.service = service;
        this.clients = clients;
        this.loops = loops;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("millrace.mqtt.connections", service, MqttService::connections)
                .description("Open connections of MQTT clients")
                .register(registry);
        Gauge.builder("millrace.mqtt.sessions.resting", clients, Clients::resting)
                .description("Sessions that wait for their clients")
                .register(registry);
        FunctionCounter.builder("millrace.mqtt.published", loops, MqttLoops::published)
                .description("Messages of MQTT clients that were recorded")
                .register(registry);
        FunctionCounter.builder("millrace.mqtt.refused", loops, MqttLoops::refused)
                .description("Messages of MQTT clients that were not recorded")
                .register(registry);
        FunctionCounter.builder("millrace.mqtt.dropped", loops, MqttLoops::dropped)
                .description("Events with QoS 0 that were not sent, as their clients were too slow")
                .register(registry);
        FunctionCounter.builder("millrace.mqtt.delivered", loops, MqttLoops::delivered)
                .description("Live events that were handed to sessions of MQTT clients")
                .register(registry);
    }
}
