import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

/** MongoDB's wire protocol over memory: prints its URL, and ends when its standard input does. */
public final class MongoForTests {
  /** The library says that it speaks wire version 8; the driver wants more and needs none of what came since. */
  private record Version(List<Integer> getVersionArray, int getWireVersion) implements MongoVersion {}

  public static void main(String[] args) throws Exception {
    var server = new MongoServer(new MemoryBackend().version(new Version(List.of(6, 0, 0), 17)));
    System.out.println(server.bindAndGetConnectionString());
    while (System.in.read() >= 0) continue;
    server.shutdownNow();
  }
}
