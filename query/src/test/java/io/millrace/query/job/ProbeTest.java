package io.millrace.query.job;
import java.nio.file.*; import java.time.*; import java.util.*;
import org.junit.jupiter.api.*;
class ProbeTest { @Test void probe() throws Exception { try (QueryRoom room = new QueryRoom(Files.createTempDirectory("probe"))) {
 for (int i=0;i<5;i++) room.publish("/numbers/"+(i%2==0?"x":"y"), "a", Instant.parse("2026-03-01T12:00:00Z").plusSeconds(i*5), "{\"n\":"+i+",\"m\":1}");
 for (String sql : Files.readString(Path.of("/tmp/nexmark/probe.sql")).split("----")) { long t=System.nanoTime(); try { Rows r=room.run(sql, Map.of(), Duration.ofSeconds(1)); System.out.println("PROBE ok "+r.columns()+r.left()+" "+r.onlyAdded()+" "+(System.nanoTime()-t)/1000000); } catch(Exception e){ Throwable c=e; while(c.getCause()!=null) c=c.getCause(); java.util.Arrays.stream(c.getStackTrace()).limit(25).forEach(x->System.out.println("   at "+x)); System.out.println("PROBE "+sql.strip()+"\n   "+e); if (Boolean.getBoolean("st")) e.printStackTrace(System.out);} } } } }
