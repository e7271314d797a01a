/// Tests of the process: options, configuration, logging, and where it refuses to listen.
@NullMarked
package io.millrace.server;

import org.jspecify.annotations.NullMarked;
