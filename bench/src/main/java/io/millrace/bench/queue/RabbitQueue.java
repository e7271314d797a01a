package io.millrace.bench.queue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// RabbitMQ: a quorum queue on one node, persistent messages. A publisher waits for the confirms of
/// each batch; a worker has a prefetch of 100 and acknowledges all that has come by then at once
/// (`multiple`), which costs the broker less than one by one.
final class RabbitQueue implements WorkQueue {
    private static final String QUEUE = "jobs";
    private static final int PREFETCH = 100;
    private static final long CONFIRM_MILLIS_MAX = 60_000;

    private final BrokerProcess process;
    private final String epmdPort;
    private final ConnectionFactory factory;

    private RabbitQueue(BrokerProcess process, String epmdPort, ConnectionFactory factory) {
        this.process = process;
        this.epmdPort = epmdPort;
        this.factory = factory;
    }

    /// @param server the path of the script `rabbitmq-server` that does not change the user
    static RabbitQueue start(Path folder, Path server) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int port = BrokerProcess.freePort();
        String epmdPort = Integer.toString(BrokerProcess.freePort());
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", folder.toString());
        environment.put("RABBITMQ_NODENAME", "bench@localhost");
        environment.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_NODE_PORT", Integer.toString(port));
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(BrokerProcess.freePort()));
        environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
        environment.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
        environment.put("RABBITMQ_PID_FILE", folder.resolve("pid").toString());
        environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString());
        environment.put("RABBITMQ_ADVANCED_CONFIG_FILE", folder.resolve("advanced").toString());
        environment.put("RABBITMQ_CONF_ENV_FILE", folder.resolve("environment").toString());
        environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString());
        // Everything on the loopback interface alone, also what Erlang itself listens on.
        environment.put(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-setcookie bench -kernel inet_dist_use_interface {127,0,0,1}");
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("ERL_EPMD_PORT", epmdPort);
        // Makes the script become the server instead of waiting for it.
        environment.put("RUNNING_UNDER_SYSTEMD", "true");
        BrokerProcess process =
                BrokerProcess.start(
                        List.of(server.toString()), environment, folder.resolve("rabbitmq.log"));
        process.awaitPort(port);
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        RabbitQueue queue = new RabbitQueue(process, epmdPort, factory);
        queue.create();
        return queue;
    }

    private void create() throws IOException {
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(QUEUE, true, false, false, Map.of("x-queue-type", "quorum"));
        } catch (TimeoutException e) {
            throw new IOException(e);
        }
    }

    private Connection connect() throws IOException {
        try {
            return factory.newConnection();
        } catch (TimeoutException e) {
            throw new IOException(e);
        }
    }

    @Override
    public String name() {
        return "RabbitMQ, quorum queue";
    }

    @Override
    public Publisher publisher() throws IOException {
        Connection connection = connect();
        Channel channel = connection.createChannel();
        channel.confirmSelect();
        return new RabbitPublisher(connection, channel);
    }

    @Override
    public Worker worker() throws IOException {
        Connection connection = connect();
        Channel channel = connection.createChannel();
        channel.basicQos(PREFETCH);
        LinkedBlockingQueue<Long> taken = new LinkedBlockingQueue<>();
        channel.basicConsume(
                QUEUE,
                false,
                (_, delivery) -> taken.add(delivery.getEnvelope().getDeliveryTag()),
                _ -> {});
        return new RabbitWorker(connection, channel, taken);
    }

    @Override
    public long cpuMillis() {
        return process.cpuMillis();
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        process.stop();
        // The name service of Erlang outlives who started it.
        ProcessBuilder kill = new ProcessBuilder("epmd", "-kill");
        kill.environment().put("ERL_EPMD_PORT", epmdPort);
        kill.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        kill.start().waitFor();
    }

    private record RabbitPublisher(Connection connection, Channel channel) implements Publisher {
        private static final AMQP.BasicProperties PROPERTIES =
                MessageProperties.MINIMAL_PERSISTENT_BASIC;

        @Override
        public void publish(int jobs) throws IOException, InterruptedException {
            for (int i = 0; i < jobs; i++) {
                channel.basicPublish("", QUEUE, PROPERTIES, Jobs.PAYLOAD);
            }
            try {
                channel.waitForConfirmsOrDie(CONFIRM_MILLIS_MAX);
            } catch (TimeoutException e) {
                throw new IOException("jobs were not confirmed", e);
            }
        }

        @Override
        public void disconnect() throws IOException {
            connection.close();
        }
    }

    private record RabbitWorker(
            Connection connection, Channel channel, LinkedBlockingQueue<Long> taken)
            implements Worker {
        @Override
        public int work(int jobsMax) throws IOException, InterruptedException {
            Long last = taken.poll(1, TimeUnit.SECONDS);
            if (last == null) {
                return 0;
            }
            int jobs = 1;
            for (Long next = taken.poll();
                    next != null;
                    next = jobs < jobsMax ? taken.poll() : null) {
                last = next;
                jobs++;
            }
            channel.basicAck(last, true);
            return jobs;
        }

        @Override
        public void disconnect() throws IOException {
            connection.close();
        }
    }
}
