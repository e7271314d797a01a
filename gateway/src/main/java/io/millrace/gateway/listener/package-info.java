/// Sockets: who may connect, how many, and for how long a connection may say nothing useful.
@NullMarked
package io.millrace.gateway.listener;

import org.jspecify.annotations.NullMarked;
