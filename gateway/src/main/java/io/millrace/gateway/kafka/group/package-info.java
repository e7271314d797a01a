/// The group coordinator: membership, assignments and committed offsets, whole over restarts.
@NullMarked
package io.millrace.gateway.kafka.group;

import org.jspecify.annotations.NullMarked;
