"""SimPy on the models of the engine's benchmark: `simpy_bench.py MODEL REQUESTS SEED` prints what it took as JSON."""

import json
import math
import random
import sys
import time

import simpy

exponential = random.expovariate


class Sojourns:
    """What every contestant keeps of a request's time inside: the mean and a log histogram."""

    def __init__(self, env, requests):
        self.requests = requests
        self.done = env.event()
        self.total = 0.0
        self.count = 0
        self.histogram = {}

    def record(self, sojourn):
        self.total += sojourn
        self.count += 1
        bucket = int(math.log(sojourn) * 89.0) if sojourn > 0 else -99999
        self.histogram[bucket] = self.histogram.get(bucket, 0) + 1
        if self.count >= self.requests:
            self.done.succeed()


def queue(servers, rate, requests):
    env = simpy.Environment()
    sojourns = Sojourns(env, requests)
    resource = simpy.Resource(env, servers)
    waits = [0.0]

    def customer():
        arrived = env.now
        with resource.request() as server:
            yield server
            waits[0] += env.now - arrived
            yield env.timeout(exponential(1.0))
        sojourns.record(env.now - arrived)

    def source():
        while True:
            env.process(customer())
            yield env.timeout(exponential(rate))

    env.process(source())
    env.run(sojourns.done)
    return sojourns


def micro(requests):
    env = simpy.Environment()
    sojourns = Sojourns(env, requests)
    timeout = env.timeout
    hop = 0.0005
    gateway = simpy.Resource(env, 16)
    replicas = [simpy.Resource(env, 8) for _ in range(4)]
    cache = simpy.Resource(env, 32)
    accounts = simpy.Resource(env, 16)
    billing = simpy.Resource(env, 16)
    pool = simpy.Resource(env, 10)
    database = simpy.Resource(env, 16)
    turn = [0]

    def call_cache(answer):
        yield timeout(hop)
        slot = cache.request()
        yield slot
        yield timeout(exponential(1 / 0.0005))
        cache.release(slot)
        yield timeout(hop)
        if not answer.triggered:
            answer.succeed(1)

    def call_accounts(answer):
        yield timeout(hop)
        slot = accounts.request()
        yield slot
        yield timeout(exponential(1 / 0.005))
        accounts.release(slot)
        yield timeout(hop)
        if not answer.triggered:
            answer.succeed(1)

    def call_billing(answer):
        yield timeout(hop)
        slot = billing.request()
        yield slot
        yield timeout(exponential(1 / 0.005))
        connection = pool.request()
        yield connection
        yield timeout(hop)
        query = database.request()
        yield query
        yield timeout(exponential(1 / 0.006))
        database.release(query)
        yield timeout(hop)
        pool.release(connection)
        billing.release(slot)
        yield timeout(hop)
        if not answer.triggered:
            answer.succeed(1)

    def attempts(call):
        for attempt in range(3):
            answer = env.event()
            env.process(call(answer))
            yield answer | timeout(0.05)
            if answer.triggered:
                return
            if attempt < 2:
                yield timeout(0.005 * (1 << attempt))

    def request():
        arrived = env.now
        yield timeout(hop)
        slot = gateway.request()
        yield slot
        yield timeout(exponential(1 / 0.001))
        gateway.release(slot)
        yield timeout(hop)
        replica = replicas[turn[0] & 3]
        turn[0] += 1
        thread = replica.request()
        yield thread
        yield timeout(exponential(1 / 0.004))
        yield (
            env.process(attempts(call_cache))
            & env.process(attempts(call_accounts))
            & env.process(attempts(call_billing))
        )
        replica.release(thread)
        yield timeout(hop)
        yield timeout(hop)
        sojourns.record(env.now - arrived)

    def source():
        while True:
            env.process(request())
            yield timeout(exponential(1100))

    env.process(source())
    env.run(sojourns.done)
    return sojourns


models = {"mm1": lambda n: queue(1, 0.8, n), "mm8": lambda n: queue(8, 6.4, n), "micro": micro}

name, requests, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(seed)
start = time.process_time()
sojourns = models[name](requests)
cpu = time.process_time() - start
print(json.dumps({"requests": requests, "cpu": cpu, "mean": sojourns.total / sojourns.count}))
