/// What administrators and applications ask about topics, configurations and access.
@NullMarked
package io.millrace.gateway.kafka.admin;

import org.jspecify.annotations.NullMarked;
