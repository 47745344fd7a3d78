"""Ciw on M/M/1 and M/M/8: `ciw_bench.py MODEL REQUESTS SEED` prints what it took as JSON."""

import json
import sys
import time

import ciw

name, requests, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
servers, rate = {"mm1": (1, 0.8), "mm8": (8, 6.4)}[name]
network = ciw.create_network(
    arrival_distributions=[ciw.dists.Exponential(rate)],
    service_distributions=[ciw.dists.Exponential(1.0)],
    number_of_servers=[servers],
)
start = time.process_time()
ciw.seed(seed)
simulation = ciw.Simulation(network)
simulation.simulate_until_max_customers(requests, method="Complete")
sojourns = sorted(record.waiting_time + record.service_time for record in simulation.get_all_records())
cpu = time.process_time() - start
print(json.dumps({"requests": requests, "cpu": cpu, "mean": sum(sojourns) / len(sojourns)}))
